"""A hospital adds a form by copying the template: nothing else is needed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fhir_server.definitions import r4
from fhir_server.mapping import FormErrors, load_form, load_forms
from fhir_server.model.folders import data_folder
from fhir_server.validation.structure import Structure

FILLED = {
    "患者姓名": "张三", "性别": "男", "年龄": 56, "初步印象": "冠心病", "年月日": "2026-11-20",
    "转入单位": "县人民医院", "转诊医生(签字)": "王五", "机构名称": "青石镇卫生院",
    "院方审批意见": "同意转诊。",
}  # fmt: skip


def copied(folder: Path, old: str = "", new: str = "") -> Path:
    shutil.copytree(data_folder("mappings") / "_template", folder / "ours")
    path = folder / "ours" / "form.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new) if old else text, "utf-8")
    return folder


def test_a_copied_template_is_a_form(tmp_path: Path) -> None:
    forms = load_forms([copied(tmp_path)])
    assert {"national-up", "national-down", "my-form"} <= set(forms)
    form = forms["my-form"]
    bundle = form.to_bundle(FILLED, now=datetime(2026, 11, 20, tzinfo=UTC))
    structure = Structure(r4())
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert structure.check(resource, resource["resourceType"]) == []
    assert form.from_bundle(bundle) == FILLED
    assert "县人民医院" in form.print_html(form.normalise(FILLED))
    with pytest.raises(FormErrors):
        form.normalise({**FILLED, "年月日": "x"})


BROKEN = [
    ('to = "Patient.gender"', 'to = "Patient.sex"', "Patient.sex"),
    ('type = "date"', 'type = "day"', "day"),
    ('direction = "up"', 'direction = "sideways"', "direction"),
    ('title = "双向转诊单（本院）"', "", "title"),
    ("[[part]]", "[[part", "form.toml"),
]


@pytest.mark.parametrize(("old", "new", "hint"), BROKEN)
def test_a_broken_form_is_refused_with_its_reason(
    tmp_path: Path, old: str, new: str, hint: str
) -> None:
    folder = copied(tmp_path, old, new)
    with pytest.raises(ValueError, match=hint):
        load_form(folder / "ours")


def test_the_template_itself_is_not_loaded() -> None:
    assert "my-form" not in load_forms()
