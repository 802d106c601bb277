"""The drawing is the table: each transition once, no label upon another, all inside."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fhir_server.guide.drawing import Drawing
from fhir_server.guide.workflow import load_workflow
from fhir_server.model.folders import data_folder
from tests.guide.conftest import content, guide, page, text_of

pytestmark = pytest.mark.xdist_group("guide")
SVG = "{http://www.w3.org/2000/svg}"
TABLE = data_folder("profiles") / "workflow" / "states.toml"
RAW = tomllib.loads(TABLE.read_text("utf-8"))


def drawing() -> ElementTree.Element:
    return ElementTree.fromstring(content("workflow.svg"))


def test_each_transition_of_the_table_is_drawn_once():
    drawn = Counter(g.get("data-transition") for g in drawing().iter(f"{SVG}g"))
    drawn.pop(None)
    assert drawn == {t["id"]: 1 for t in RAW["transition"]}
    assert len(drawn) == 25


def test_each_status_is_drawn_once_with_its_name():
    boxes = [g for g in drawing().iter(f"{SVG}g") if g.get("data-status")]
    assert Counter(b.get("data-status") for b in boxes) == {s["code"]: 1 for s in RAW["status"]}
    for box, status in zip(boxes, RAW["status"], strict=True):
        assert status["name"].split(" / ")[0] in text_of(box)


def test_a_transition_says_what_happens_and_who_may_do_it():
    for raw in RAW["transition"]:
        group = next(g for g in drawing().iter(f"{SVG}g") if g.get("data-transition") == raw["id"])
        said = text_of(group)
        assert raw["does"].split(" / ")[0] in said
        for who in raw["who"]:
            assert RAW["who"][who]["mark"] in said


def test_as_many_arrows_as_the_table_has_changes_of_status():
    paths = [p for p in drawing().iter(f"{SVG}path") if p.get("marker-end")]
    inside = {"new", "any"}
    wanted = [
        (t["id"], source)
        for t in RAW["transition"] for source in t["from"]
        if source != t["to"] and not inside & {source, t["to"]}
    ]  # fmt: skip
    assert len(paths) == len(wanted) == 22


def test_boxes_do_not_overlap_and_all_is_inside():
    made = Drawing(load_workflow(TABLE))
    boxes = [(b.x, b.top, b.bottom) for b in made.boxes.values()]
    for i, (x, top, bottom) in enumerate(boxes):
        assert 0 <= top < bottom <= made.height
        for other, low, high in boxes[i + 1 :]:
            assert x != other or bottom <= low or high <= top


def test_no_two_labels_stand_on_each_other():
    texts = [t for t in drawing().iter(f"{SVG}text") if t.get("text-anchor") != "middle"]
    places = [(float(t.attrib["x"]), float(t.attrib["y"]), text_of(t)) for t in texts]
    near = [
        (a[2], b[2])
        for i, a in enumerate(places) for b in places[i + 1 :]
        if abs(a[1] - b[1]) < 11 and abs(a[0] - b[0]) < 13 * min(len(a[2]), len(b[2]), 6)
    ]  # fmt: skip
    assert not near


def test_the_page_has_the_table_and_the_drawing():
    said = text_of(page("workflow.html"))
    for raw in RAW["transition"]:
        row = page("workflow.html").find(f".//tr[@id='{raw['id']}']")
        assert row is not None
        for text in (raw["does"], raw.get("needs", ""), raw.get("effect", "")):
            assert all(part in text_of(row) for part in text.split(" / "))
        assert all(code in text_of(row) for code in raw["status"])
    assert "本项目的设计建议" in said


def test_business_statuses_are_those_of_the_code_system():
    library = guide().library
    known = set(library.displays(
        "http://referral.consortium.cn/fhir/CodeSystem/cn-referral-business-status"))  # fmt: skip
    named = {code for t in RAW["transition"] for code in t["status"]}
    assert named
    assert named <= known


def test_statuses_are_those_of_task():
    """http://hl7.org/fhir/R4/valueset-task-status.html; `ready` is not used."""
    assert {s["code"] for s in RAW["status"]} == {
        "draft", "requested", "received", "accepted", "rejected", "cancelled", "in-progress",
        "on-hold", "failed", "completed", "entered-in-error",
    }  # fmt: skip


def test_nothing_leaves_a_final_status_but_what_keeps_it_or_begins_anew():
    final = {s["code"] for s in RAW["status"] if s.get("final")}
    for raw in RAW["transition"]:
        if final & set(raw["from"]):
            assert raw["to"] == "new" or raw["from"] == [raw["to"]]


WRONG = [
    ('to = "requested"', 'to = "asked"', "T2"),
    ('who = ["system"]', 'who = ["robot"]', "T9"),
    ('column = "left"', 'column = "top"', "column"),
    ('id = "T7b"', 'id = "T7"', "one id"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG)
def test_a_table_that_contradicts_itself_is_refused(
    tmp_path: Path, right: str, wrong: str, said: str
):
    text = TABLE.read_text("utf-8")
    assert right in text
    (tmp_path / "states.toml").write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ValueError, match=said):
        load_workflow(tmp_path / "states.toml")
