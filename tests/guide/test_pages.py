"""Every page is whole: well-formed, its links lead somewhere, and it says what the package says.

Sources: docs/guide.md; https://html.spec.whatwg.org for what may stand in what
"""

from __future__ import annotations

import json
import re
from collections import Counter
from urllib.parse import unquote

import pytest

from fhir_server.guide import POLICY
from fhir_server.guide.library import differential_of
from tests.guide.conftest import Element, content, guide, page, pages, text_of

pytestmark = pytest.mark.xdist_group("guide")  # the pages are made once
PHRASING_ONLY = {"p", "span", "a", "h1", "h2", "h3", "dt", "caption", "summary", "code", "pre"}
BLOCKS = {"p", "div", "ul", "ol", "dl", "table", "section", "h1", "h2", "h3", "details", "pre"}
STYLED = re.compile(rb"<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def ids(root: Element) -> list[str]:
    return [each.attrib["id"] for each in root.iter() if "id" in each.attrib]


def test_there_is_a_page_for_every_resource():
    files = set(guide().files)
    kinds = Counter(e.group for e in guide().library)
    assert kinds["profile"] >= 10
    assert kinds["extension"] >= 10
    assert kinds["CodeSystem"] >= 3
    assert kinds["example"] >= 20
    assert kinds["OperationDefinition"] >= 5
    for entry in guide().library:
        assert {entry.page, f"{entry.name}.json", f"{entry.name}.xml"} <= files
    for form in guide().forms:
        assert f"form-{form}.html" in files


def test_pages_are_well_formed_and_have_one_heading():
    wrong = []
    for name in pages():
        root = page(name)  # raises where a tag is left open
        if len(list(root.iter("h1"))) != 1 or root.attrib["lang"] != "zh-CN":
            wrong.append(f"{name}: one h1, and a language")
        doubled = [i for i, n in Counter(ids(root)).items() if n > 1]
        wrong += [f"{name}: id {i} twice" for i in doubled]
        wrong += [
            f"{name}: {inner.tag} in {outer.tag}"
            for outer in root.iter() if outer.tag in PHRASING_ONLY
            for inner in outer.iter() if inner is not outer and inner.tag in BLOCKS
        ]  # fmt: skip
    assert not wrong, wrong[:10]


def test_tables_have_a_caption_and_headers_with_a_scope():
    count = 0
    for name in pages():
        for table in page(name).iter("table"):
            count += 1
            assert text_of(table.find("caption")), name
            heads = [h for h in table.iter("th") if h.get("scope") in ("col", "row")]
            assert heads, name
            assert len(heads) == len(list(table.iter("th"))), name
            width = len(table.find("thead/tr"))
            assert {len(row) for row in table.findall("tbody/tr")} <= {width}, name
    assert count > 100


def test_every_link_leads_to_a_file_and_a_place_in_it():
    files, broken, followed = set(guide().files), [], 0
    places = {name: set(ids(page(name))) for name in pages()}
    for name in pages():
        for link in page(name).iter():
            target = link.get("href") or link.get("src")
            if target is None or target.startswith(("http://hl7.org/", "data:")):
                continue
            file, _, place = target.partition("#")
            file, place = unquote(file) or name, unquote(place)
            followed += 1
            if file not in files or (place and place not in places[file]):
                broken.append(f"{name}: {target}")
    assert followed > 5_000
    assert not broken, broken[:10]


def test_every_page_is_reached_from_the_first():
    known, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        targets = {(a.get("href") or "").partition("#")[0] for a in page(name).iter("a")}
        waiting += [t for t in targets if t.endswith(".html") and t in guide().files]
    assert set(pages()) - known == set()


def test_nothing_comes_from_elsewhere_and_nothing_in_a_page_runs():
    assert "unsafe" not in POLICY
    for name in pages():
        assert not STYLED.search(content(name)), name
        for each in page(name).iter():
            if each.tag == "script":
                assert set(each.attrib) == {"src", "defer"}
                assert each.text is None
            assert not (each.get("src") or "").startswith(("http", "//")), name
    assert b"http" not in content("guide.css")


def rows(name: str, view: str) -> dict[str, Element]:
    found = [r for r in page(name).iter("tr") if r.get("id", "").startswith(f"{view}-")]
    return {r.attrib["id"].removeprefix(f"{view}-"): r for r in found}


def test_every_element_of_a_differential_has_its_row_with_label_and_numbers():
    library, seen = guide().library, 0
    for entry in library.of("profile", "extension"):
        resource = library.read(entry)
        whole = {e["id"]: e for e in resource["snapshot"]["element"]}
        shown = {view: rows(entry.page, view) for view in ("key", "diff", "all")}
        assert set(shown["all"]) == set(whole)
        for id, element in differential_of(resource).items():
            for view in ("key", "diff", "all"):
                row = text_of(shown[view][id])
                seen += 1
                assert id.rpartition(".")[2] in row
                if "short" in element:
                    for part in element["short"].split(" / "):
                        assert " ".join(part.split()) in row
                if element.get("mustSupport"):
                    assert shown[view][id].find(".//abbr[@class='flag must']") is not None
                if "." in id:
                    numbers = f"{whole[id]['min']}..{whole[id]['max']}"
                    assert numbers in row, (entry.id, id)
    assert seen > 500


def test_constraints_of_ours_stand_with_both_texts_and_their_expression():
    library, seen = guide().library, 0
    for entry in library.of("profile", "extension"):
        for element in differential_of(library.read(entry)).values():
            for each in element.get("constraint", ()):
                row = page(entry.page).find(f".//tr[@id='c-{each['key']}']")
                assert row is not None, (entry.id, each["key"])
                said = text_of(row)
                seen += 1
                for part in each["human"].split(" / "):
                    assert " ".join(part.split()) in said
                assert " ".join(each["expression"].split()) in said
    assert seen > 10


def test_form_boxes_stand_at_their_elements_and_the_elements_at_the_boxes():
    boxes = 0
    for entry in guide().library.of("profile"):
        said = text_of(page(entry.page))
        for form, box, element in entry.boxes:
            assert box in said
            if form not in guide().forms:
                continue  # a paper that the server does not fill in yet
            boxes += 1
            words = box.split()
            fields = {(f.part, f.label) for f in guide().forms[form].fields}
            assert (words[0], words[-1]) in fields, (entry.id, box)
            links = [a.get("href") for a in page(f"form-{form}.html").iter("a")]
            assert f"{entry.page}#all-{element}" in links
    assert boxes > 20


def test_the_paper_shows_every_printed_box_and_leads_to_its_row():
    for form in guide().forms.values():
        root = page(f"form-{form.id}.html")
        shown = {a.get("href") for a in root.iter("a") if a.get("class") == "blank"}
        printed = {f"#box-{f.part}-{f.box}" for f in form.fields if f.printed}
        assert printed
        assert shown == printed


def test_every_code_stands_on_the_page_of_its_code_system():
    for entry in guide().library.of("CodeSystem"):
        shown = {r.get("id") for r in page(entry.page).iter("tr")}
        waiting, codes = list(guide().library.read(entry).get("concept", [])), []
        while waiting:
            concept = waiting.pop()
            codes.append(concept["code"])
            waiting += concept.get("concept", [])
        assert codes
        assert set(codes) <= shown


def test_invalid_examples_are_listed_and_can_be_fetched():
    count = 0
    for entry in guide().library.of("profile"):
        for case in guide().pages.problems.of(entry):
            count += 1
            said = text_of(page(entry.page))
            assert case.says.first in said
            for expected in case.expected:
                assert expected.text, f"no text for {expected.code}"
                assert expected.code in said
            assert json.loads(content(case.file))["resourceType"] == entry.base
    assert count >= 30


def test_the_search_index_has_every_resource():
    text = content("search-index.js").decode()
    found = json.loads(text.removeprefix("guideIndex(").removesuffix(");\n"))
    shown = {row[0] for row in found}
    others = {e.page for e in guide().library if e.group != "ImplementationGuide"}
    assert others <= shown
    assert shown <= set(guide().files)
    words = next(r[4] for r in found if r[0] == "StructureDefinition-referral-patient.html")
    assert "Patient.identifier" in words
    assert "<" not in text
