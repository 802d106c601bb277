"""Each way a document can be wrong has its own answer, with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.definitions import r4
from fhir_server.errors import FhirError
from fhir_server.xml import Xml

XML = Xml(r4())
P = '<Patient xmlns="http://hl7.org/fhir">'
X = 'xmlns="http://www.w3.org/1999/xhtml"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
SECRET = "机密"

# What is sent: code, status, location. The first row is the control.
CASES = [
    (f'{P}<id value="a"/></Patient>', "", 0, ""),
    ("", "json-empty", 400, ""),
    (" \n", "json-empty", 400, ""),
    (f"{P}", "xml-invalid", 400, ""),
    (f'{P}<id value="a"></Patient>', "xml-invalid", 400, ""),
    (f'{P}<id value="a"/></Patient>x', "xml-invalid", 400, ""),
    (f"{P}<id value=a/></Patient>", "xml-invalid", 400, ""),
    (f'{P}<id value="a" value="b"/></Patient>', "xml-invalid", 400, ""),
    (f'{P}<id value="&#0;"/></Patient>', "xml-invalid", 400, ""),
    (f"{P}<h:id/></Patient>", "xml-invalid", 400, ""),
    ('{"resourceType":"Patient"}', "xml-invalid", 400, ""),
    (f'<!DOCTYPE Patient>{P}<id value="a"/></Patient>', "xml-doctype", 400, ""),
    (f'<!DOCTYPE x SYSTEM "file:///etc/passwd">{P}</Patient>', "xml-doctype", 400, ""),
    (f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{P}<id value="&e;"/></Patient>',
     "xml-doctype", 400, ""),
    (f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>{P}<id value="&l9;"/></Patient>', "xml-doctype",
     400, ""),
    (f'{P}<id value="&nbsp;"/></Patient>', "xml-entity", 400, ""),
    (f"{P}<?php x?></Patient>", "xml-instruction", 400, "Patient"),
    (f"{P}<text><div {X}><?x?></div></text></Patient>", "xml-instruction", 400, "Patient.text"),
    (f'<?xml version="1.0" encoding="GBK"?>{P}</Patient>', "xml-not-utf8", 400, ""),
    (P + '<extension url="a">' * 70, "xml-too-deep", 400, ""),
    (f"{P}<text><div {X}>" + "<b>" * 100_000, "xml-too-deep", 400, ""),
    ("<Patient/>", "xml-namespace", 422, ""),
    (f'{P}<id xmlns="urn:x" value="a"/></Patient>', "xml-namespace", 422, "Patient"),
    (f"{P}<text><div>x</div></text></Patient>", "xml-namespace", 422, "Patient.text"),
    (f'{P}<text><div {X}><svg xmlns="urn:svg"/></div></text></Patient>', "xml-namespace", 422,
     "Patient.text"),
    ('<Nothing xmlns="http://hl7.org/fhir"/>', "xml-resource", 422, ""),
    ('<HumanName xmlns="http://hl7.org/fhir"/>', "xml-resource", 422, ""),
    (f'{P}<nme value="{SECRET}"/></Patient>', "xml-unknown", 422, "Patient.nme"),
    (f"{P}<{SECRET}/></Patient>", "xml-unknown", 422, "Patient"),
    (f'{P}<name><given value="a"/></name><name><nme/></name></Patient>', "xml-unknown", 422,
     "Patient.name[1].nme"),
    (f"{P}<contained><Patient><name><x/></name></Patient></contained></Patient>", "xml-unknown",
     422, "Patient.contained[0].name[0].x"),
    (f'{P}<id><x value="a"/></id></Patient>', "xml-unknown", 422, "Patient.id.x"),
    (f'{P}<deceasedString value="a"/></Patient>', "xml-unknown", 422, "Patient.deceasedString"),
    (f'{P}<active value="true" if="{SECRET}"/></Patient>', "xml-attribute", 422, "Patient"),
    (f'{P}<name text="{SECRET}"/></Patient>', "xml-attribute", 422, "Patient"),
    ('<Patient xmlns="http://hl7.org/fhir" id="a"/>', "xml-attribute", 422, ""),
    (f'{P}<text><div {X} xmlns:h="urn:h" h:a="b"/></text></Patient>', "xml-attribute", 422,
     "Patient.text"),
    (f"{P}{SECRET}</Patient>", "xml-text", 422, "Patient"),
    (f"{P}<id>a</id></Patient>", "xml-text", 422, "Patient.id"),
    (f"{P}<id><![CDATA[a]]></id></Patient>", "xml-text", 422, "Patient.id"),
    (f"{P}<name/></Patient>", "xml-empty", 422, "Patient.name[0]"),
    (f"{P}<active/></Patient>", "xml-empty", 422, "Patient.active"),
    (f'{P}<active value="true"/><active value="false"/></Patient>', "xml-repeated", 422,
     "Patient.active"),
    (f'{P}<text><status value="empty"/></text><text><status value="empty"/></text></Patient>',
     "xml-repeated", 422, "Patient.text"),
    (f"{P}<text><div {X}/><div {X}/></text></Patient>", "xml-repeated", 422, "Patient.text.div"),
    (f"{P}<contained/></Patient>", "xml-resource", 422, "Patient.contained[0]"),
    (f"{P}<contained><Patient/><Patient/></contained></Patient>", "xml-resource", 422,
     "Patient.contained[0]"),
    (f"{P}<contained><HumanName/></contained></Patient>", "xml-resource", 422,
     "Patient.contained[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "status", "at"), CASES)
def test_refused(text: str, code: str, status: int, at: str) -> None:
    if not code:
        assert XML.read(text.encode()) == {"resourceType": "Patient", "id": "a"}
        return
    with pytest.raises(FhirError) as caught:
        XML.read(text.encode())
    error = caught.value
    assert (error.code, error.status, error.issues[0].at) == (code, status, at)
    assert SECRET not in str(error)


def test_the_place_is_named() -> None:
    for text in (f"{P}\n <id value='a'>\n</Patient>", f"{P}\n\n  <nme/></Patient>"):
        with pytest.raises(FhirError) as caught:
            XML.read(text.encode())
        assert caught.value.issues[0].args["line"] == 3
        assert caught.value.issues[0].args["column"] == 3


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le"])
def test_other_encodings(encoding: str) -> None:
    body = f'{P}<name><text value="张三"/></name></Patient>'.encode(encoding)
    with pytest.raises(FhirError) as caught:
        XML.read(body)
    assert caught.value.status == 400


def test_comments_and_a_style_sheet_before_the_root_do_no_harm() -> None:
    text = (
        f'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- <!DOCTYPE x> -->{P}<!-- a -->'
        '<id value="a"/></Patient>'
    )
    assert XML.read(text.encode()) == {"resourceType": "Patient", "id": "a"}


PARTS = st.sampled_from(
    [P, "</Patient>", "<name>", "</name>", '<given value="a"/>', "<text>", "</text>", "x", "<!--",
     "-->", f"<div {X}>", "</div>", "<contained>", "</contained>", "<Patient>", "<given>",
     "</given>", '<extension url="u">', "</extension>", '<valueDecimal value="1.0"/>', "<?a?>",
     "<![CDATA[", "]]>", "&lt;", "<!DOCTYPE a>", '<name id="1">', "<id/>", "\x00", "\r\n"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=25))
def test_nothing_but_a_clear_failure_comes_out(parts: list[str]) -> None:
    try:
        XML.read("".join(parts).encode())
    except FhirError as error:
        assert error.status in (400, 422)


@pytest.mark.parametrize("resource", [{}, {"resourceType": "Nothing"},
                                      {"resourceType": "Patient", "nme": 1},
                                      {"resourceType": "Patient", "name": "x"}])  # fmt: skip
def test_what_is_no_resource_is_not_written(resource: dict[str, object]) -> None:
    with pytest.raises(FhirError) as caught:
        XML.write(resource)
    assert (caught.value.code, caught.value.status) == ("xml-unwritable", 406)
