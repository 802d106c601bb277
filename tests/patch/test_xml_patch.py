"""XML Patch: the public cases, and what they leave out. Spec: rfc5261"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any
from xml.dom import Node, minidom

import pytest

from fhir_server.errors import FhirError
from fhir_server.patch.xml_patch import apply_xml_patch

from ..suites import SUITES
from .test_suite import MISSING

FILE = SUITES / "patch" / "xml-patch-tests.xml"


def cases() -> list[Any]:
    return list(minidom.parse(str(FILE)).getElementsByTagName("case")) if FILE.is_file() else []


def inner(case: Any, name: str) -> bytes:
    """The document in a part of a case. The namespace of the target may be inherited by none."""
    for part in case.getElementsByTagName(name):
        for each in part.childNodes:
            if each.nodeType == Node.ELEMENT_NODE:
                found: bytes = each.toxml(encoding="utf-8")
                return found
    return b""


def canonical(document: bytes) -> Any:
    """Comments count, white space between elements does not."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))
    return _node(ET.fromstring(document, parser))


def _node(node: Any) -> Any:
    tag = node.tag if isinstance(node.tag, str) else "comment"
    children = [(_node(each), (each.tail or "").strip()) for each in node]
    return tag, sorted(node.attrib.items()), (node.text or "").strip(), children


@MISSING
@pytest.mark.parametrize("case", cases(), ids=lambda c: c.getAttribute("name"))
def test_the_public_cases(case: Any) -> None:
    patch = case.getElementsByTagName("patch")[0].toxml(encoding="utf-8")
    target = inner(case, "target")
    if case.getElementsByTagName("error"):
        with pytest.raises(FhirError):
            apply_xml_patch(target, patch)
    else:
        assert canonical(apply_xml_patch(target, patch)) == canonical(inner(case, "patched"))


@MISSING
def test_the_suite_is_whole() -> None:
    assert len(cases()) == 29


FHIR = 'xmlns="http://hl7.org/fhir"'
PATIENT = (
    f'<Patient {FHIR}><id value="p1"/><identifier><system value="urn:a"/><value value="1"/>'
    '</identifier><identifier><system value="urn:b"/><value value="2"/></identifier>'
    '<active value="true"/></Patient>'
).encode()


def diff(operations: str) -> bytes:
    return f"<diff {FHIR}>{operations}</diff>".encode()


SELECTED = [  # operation, what is then in the document, what no longer is
    ("""<replace sel="f:Patient/f:identifier[f:system/@value='urn:b']/f:value/@value">9"""
     "</replace>",
     b'<value value="9"/>', b'<value value="2"/>'),
    ("""<remove sel="/f:Patient/f:identifier[2]"/>""", b"urn:a", b"urn:b"),
    ("""<add sel="f:Patient/f:active" pos="before"><name><text value="x"/></name></add>""",
     b'<text value="x"/>', b"diff"),
    ("""<add sel="f:Patient" pos="prepend"><language value="zh"/></add>""", b"zh", b"diff"),
    ("""<q:replace xmlns:q="http://hl7.org/fhir" sel="q:Patient/q:active"><q:active value="false"/>
     </q:replace>""", b"false", b"true"),
    ("""<remove sel="Patient/active" ws="both"/>""", b"urn:a", b"active"),
    ("""<remove sel="*/f:active"/>""", b"urn:a", b"active"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "there", "gone"), SELECTED)
def test_selection(operation: str, there: bytes, gone: bytes) -> None:
    found = apply_xml_patch(PATIENT, diff(operation))
    assert there in found
    assert gone not in found


BAD = [
    ("""<remove sel="f:Patient/f:name"/>""", "patch-target"),
    ("""<remove sel="f:Patient/f:identifier"/>""", "patch-several"),
    ("""<remove sel="f:Patient"/>""", "patch-root"),
    ("""<add sel="f:Patient" pos="after"><x/></add>""", "patch-root"),
    ("""<add sel="f:Patient" pos="inside"><x/></add>""", "patch-member"),
    ("""<add sel="f:Patient/f:active" type="@value">false</add>""", "patch-exists"),
    ("""<add sel="f:Patient/f:active" type="value">false</add>""", "patch-member"),
    ("""<replace sel="f:Patient/f:active">x</replace>""", "patch-type"),
    ("""<replace sel="f:Patient/f:active"><a/><b/></replace>""", "patch-type"),
    ("""<remove/>""", "patch-member"),
    ("""<remove sel="//f:active"/>""", "patch-selection"),
    ("""<remove sel="f:Patient/f:active[last()]"/>""", "patch-selection"),
    ("""<remove sel="z:Patient"/>""", "patch-selection"),
    ("""<move sel="f:Patient/f:active"/>""", "patch-operation"),
    ("", "patch-document"),
    ("<remove", "patch-document"),
]


@pytest.mark.parametrize(("operation", "code"), BAD)
def test_refused(operation: str, code: str) -> None:
    with pytest.raises(FhirError) as caught:
        apply_xml_patch(PATIENT, diff(operation))
    assert caught.value.code == code


def test_a_deep_patch_is_refused() -> None:
    deep = "<a>" * 20_000 + "</a>" * 20_000
    with pytest.raises(FhirError) as caught:
        apply_xml_patch(PATIENT, diff(f"""<add sel="f:Patient">{deep}</add>"""))
    assert caught.value.code == "patch-too-large"


def test_a_dtd_is_refused() -> None:
    bomb = b'<!DOCTYPE diff [<!ENTITY a "x">]><diff><remove sel="f:Patient/f:active"/></diff>'
    with pytest.raises(FhirError) as caught:
        apply_xml_patch(PATIENT, bomb)
    assert caught.value.code == "patch-document"
