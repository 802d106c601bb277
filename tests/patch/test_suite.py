"""The public cases of FHIRPath Patch and JSON Patch; see the README of the suites folder."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from decimal import Decimal
from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.errors import FhirError
from fhir_server.patch import apply_fhirpath_patch
from fhir_server.patch.json_patch import patched
from fhir_server.xml import Xml

from ..suites import SUITES

FOLDER = SUITES / "patch"
MISSING = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"THE PATCH SUITE IS NOT AT {FOLDER}")
XML = Xml(r4())


def _json_cases() -> list[dict[str, Any]]:
    path = FOLDER / "json-patch-tests.json"
    return json.loads(path.read_text("utf-8"), parse_float=Decimal) if path.is_file() else []


def _fhirpath_cases() -> list[ET.Element]:
    path = FOLDER / "fhir-patch-tests.xml"
    return ET.parse(path).getroot().findall("case") if path.is_file() else []


def resource(case: ET.Element, tag: str) -> dict[str, Any]:
    holder = case.find(tag)
    assert holder is not None
    return XML.read(ET.tostring(holder[0]))


def same_narrative(value: dict[str, Any]) -> dict[str, Any]:
    """The suite lays narrative out anew, so white space does not count there."""
    if "text" in value:
        value["text"]["div"] = "".join(value["text"]["div"].split())
    return value


@MISSING
@pytest.mark.parametrize("case", _json_cases(), ids=lambda c: c["comment"])
def test_json_patch(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(FhirError):
            patched(case["doc"], case["patch"])
    else:
        assert patched(case["doc"], case["patch"]) == case["expected"]


@MISSING
@pytest.mark.parametrize("case", _fhirpath_cases(), ids=lambda c: c.get("name"))
def test_fhirpath_patch(case: ET.Element) -> None:
    before, diff = resource(case, "input"), resource(case, "diff")
    if case.find("error") is not None:
        with pytest.raises(FhirError):
            apply_fhirpath_patch(before, diff)
    else:
        found = apply_fhirpath_patch(before, diff)
        assert same_narrative(found) == same_narrative(resource(case, "output"))


@MISSING
def test_the_suites_are_whole() -> None:
    assert (len(_fhirpath_cases()), len(_json_cases())) == (33, 16)
