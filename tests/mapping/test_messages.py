"""Each wrong field is named by label and box, with what was expected; never what was written."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.mapping import FieldError, FormErrors
from fhir_server.mapping.fields import MESSAGES

from .cases import FORMS, read

UP, DOWN = FORMS["national-up"], FORMS["national-down"]
SLIP = {"national-up": "转出单/联系电话", "national-down": "回转单/联系电话"}
GOOD = {f.id: read(f.folder / "cases" / "hypertension.in.json") for f in (UP,)} | {
    DOWN.id: read(DOWN.folder / "cases" / "outpatient.in.json")
}
CASES: list[tuple[str, dict[str, Any], list[tuple[str, str, str]]]] = [
    # form, what is changed (None: taken away), (field, box, kind) of all errors
    (UP.id, {}, []),  # positive control
    (DOWN.id, {}, []),
    (UP.id, {"患者姓名": None}, [("患者姓名", "1", "required")]),
    (UP.id, {"患者姓名": " 　"}, [("患者姓名", "1", "required")]),
    (UP.id, {"患者姓名": 12}, [("患者姓名", "1", "text")]),
    (UP.id, {"家庭住址": ["某县"]}, [("家庭住址", "5", "text")]),
    (UP.id, {"年龄": {"岁": 56}}, [("年龄", "3", "scalar")]),
    (UP.id, {"性别": "先 生x"}, [("性别", "2", "code")]),
    (UP.id, {"年龄": "青年"}, [("年龄", "3", "age")]),
    (UP.id, {"年月日": "上周五"}, [("年月日", "7", "date")]),
    (UP.id, {"年月日": "2026-11-31"}, [("年月日", "7", "date-calendar")]),
    (UP.id, {"存根/联系电话": "138"}, []),  # a short number, such as 120
    (UP.id, {"存根/联系电话": "1380"}, []),
    (UP.id, {"存根/联系电话": "13x"}, [("存根/联系电话", "6", "phone")]),
    (UP.id, {"档案编号": "编号：？"}, [("档案编号", "4", "identifier")]),
    (UP.id, {"档案编号": 3.7012610320100123e16}, [("档案编号", "4", "id-precision")]),
    (UP.id, {"初步印象": "高血压\x07"}, [("初步印象", "12", "control")]),
    (UP.id, {"治疗经过": "药" * 20_001}, [("治疗经过", "15", "too-long")]),
    (UP.id, {"身份证号": "110105491231002"}, [("身份证号", "附1", "id-15")]),
    (UP.id, {"身份证号": "1101051949"}, [("身份证号", "附1", "id-form")]),
    (UP.id, {"身份证号": "11010519493231002X"}, [("身份证号", "附1", "id-date")]),
    (UP.id, {"身份证号": "110105194912310021"}, [("身份证号", "附1", "id-check")]),
    (UP.id, {"身份证号": "440524188001010014"}, [("年龄", "3", "age-birth")]),
    (DOWN.id, {"性别": "男"}, [("性别", "2", "id-sex")]),
    (DOWN.id, {"性别": "未知"}, []),
    (DOWN.id, {"出生日期": "1949-12-30"}, [("出生日期", "附2", "id-birth")]),
    (DOWN.id, {"年龄": 77}, []),  # 虚岁
    (DOWN.id, {"年龄": 78}, [("年龄", "3", "age-birth")]),
    (DOWN.id, {"年月日": "1949-12-30", "年龄": 0}, [("身份证号", "附1", "future")]),
    (UP.id, {"出生日期": "2026-11-21"}, [("出生日期", "附2", "future")]),
    (UP.id, {"电子邮件": "a@b"}, [("电子邮件", "", "unknown")]),
    (UP.id, {"电子邮件": ""}, []),
    (UP.id, {"转出单/患者姓名": "张三"}, []),  # printed on stub and slip
    (UP.id, {"转出单/患者姓名": "张山"}, [("患者姓名", "1", "differs")]),
    (UP.id, {"姓名": " 张三 "}, []),
    (UP.id, {"存根/年月日": "2026年11月20日", "转出单/年月日": "20261120"}, []),
    (UP.id, {"转出单/联系电话": None, "联系电话": "0537-1234567"}, []),  # the one that is left
    (UP.id, {"联系电话": "13800000000"}, []),  # the same as one of the two
    (
        UP.id,
        {"联系电话": "13800000009"},
        [("存根/联系电话", "6", "ambiguous"), ("转出单/联系电话", "16", "ambiguous")],
    ),
    (
        UP.id,
        {"存根/联系电话": None, "转出单/联系电话": None, "联系电话": "13800000000"},
        [("存根/联系电话", "6", "ambiguous"), ("转出单/联系电话", "16", "ambiguous")],
    ),
    (
        UP.id,  # all at once, in the order of the paper
        {"电子邮件": "x", "治疗经过": 5, "性别": "?", "患者姓名": None},
        [
            ("患者姓名", "1", "required"),
            ("性别", "2", "code"),
            ("治疗经过", "15", "text"),
            ("电子邮件", "", "unknown"),
        ],
    ),
]  # fmt: skip
# Kinds that these two forms cannot meet; their converters are tested beside them.
ELSEWHERE = {"datetime", "number", "said", "unknown-many"}


@pytest.mark.parametrize(("form", "change", "expected"), CASES)
def test_wrong_fields(
    form: str, change: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    values = {k: v for k, v in {**GOOD[form], **change}.items() if v is not None}
    if not expected:
        FORMS[form].normalise(values)
        return
    with pytest.raises(FormErrors) as caught:
        FORMS[form].normalise(values)
    errors = caught.value.errors
    assert [(e.field, e.box) for e in errors] == [(f, b) for f, b, _ in expected]
    for error, (_, _, kind) in zip(errors, expected, strict=True):
        assert_message(error, kind)
        for value in change.values():
            if isinstance(value, str) and len(value.strip()) > 1 and kind != "ambiguous":
                assert value not in error.message + error.message_en


def assert_message(error: FieldError, kind: str) -> None:
    """The texts of that kind, with their arguments filled in."""
    for text, template in zip((error.message, error.message_en), MESSAGES[kind], strict=True):
        assert text.startswith(template.partition("{")[0])
        assert "{" not in text


def test_every_kind_of_message_has_a_case() -> None:
    met = {kind for _, _, expected in CASES for _, _, kind in expected}
    assert met | ELSEWHERE == set(MESSAGES)


def test_unknown_fields_are_counted_and_not_all_listed() -> None:
    values = GOOD[UP.id] | {f"栏{i}": "x" for i in range(1000)}
    with pytest.raises(FormErrors) as caught:
        UP.normalise(values)
    assert len(caught.value.errors) == 51


def test_a_form_of_nothing_names_every_required_field() -> None:
    with pytest.raises(FormErrors) as caught:
        UP.normalise({})
    assert [e.field for e in caught.value.errors] == [f.key for f in UP.fields if f.required]


def test_the_text_of_the_exception_holds_no_value() -> None:
    with pytest.raises(FormErrors) as caught:
        UP.normalise(GOOD[UP.id] | {"转出单/患者姓名": "张山", "存根/联系电话": "13x"})
    assert "张" not in str(caught.value)
    assert "13x" not in str(caught.value)
