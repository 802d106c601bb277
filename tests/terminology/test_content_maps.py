"""Concept maps: both ends exist, each row says how good it is. Identifier systems."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fhir_server.definitions.library import r4_library
from fhir_server.exchange.patients import SPELLINGS
from fhir_server.model import canonical
from tests.terminology.content import OID, Json, concepts, find_system, of_type

MAPS = of_type("ConceptMap")
NAMES = of_type("NamingSystem")
EQUALLY = {"equal", "equivalent"}


def rows(concept_map: Json) -> Iterator[tuple[Json, Json, Json]]:
    """Shape: (group, element, target)."""
    for group in concept_map["group"]:
        for element in group["element"]:
            for target in element["target"]:
                yield group, element, target


@pytest.mark.parametrize("id", MAPS)
def test_both_ends_of_a_row_exist(id: str) -> None:
    for group, element, target in rows(MAPS[id]):
        source = find_system(group["source"], group.get("sourceVersion", ""))
        assert source is not None
        known = concepts(source)[element["code"]]
        assert element["display"] == known.get("display", element["display"])
        there = find_system(group["target"])
        assert there is not None, group["target"]
        if "code" in target:
            found = concepts(there)[target["code"]]
            assert target["display"] == found.get("display", target["display"])


@pytest.mark.parametrize("id", MAPS)
def test_what_is_not_equivalent_says_why_in_both_languages(id: str) -> None:
    for _, element, target in rows(MAPS[id]):
        equal = target["equivalence"] in EQUALLY
        assert equal or " / " in target["comment"], element["code"]
        assert ("code" in target) == (target["equivalence"] != "unmatched"), element["code"]


@pytest.mark.parametrize("id", MAPS)
def test_no_code_of_the_source_is_left_out(id: str) -> None:
    """Unmapped codes are there, as `unmatched`; headings and inactive codes need no row."""
    by_source: dict[tuple[str, str], set[str]] = {}
    for group, element, _ in rows(MAPS[id]):
        key = (group["source"], group.get("sourceVersion", ""))
        by_source.setdefault(key, set()).add(element["code"])
    for (url, version), mapped in by_source.items():
        source = find_system(url, version)
        assert source is not None
        headings = {
            code
            for code, each in concepts(source).items()
            if {"code": "notSelectable", "valueBoolean": True} in each.get("property", ())
        }
        assert mapped == set(concepts(source)) - headings


def test_the_scopes_are_value_sets_that_are_here_or_in_r4() -> None:
    ours = {each["url"] for each in of_type("ValueSet").values()}
    theirs = set(r4_library().urls("ValueSet"))
    for each in MAPS.values():
        assert {each["sourceCanonical"], each["targetCanonical"]} <= ours | theirs, each["id"]


TARGETS = [  # (map, version of the source, code, codes it means, equivalence)
    ("gbt2261-sex-to-administrative-gender", "", "1", ["male"], "equivalent"),
    ("gbt2261-sex-to-administrative-gender", "", "9", ["unknown"], "wider"),
    ("gbt2261-marital-status-to-v3-marital-status", "", "23", ["M"], "wider"),
    ("gbt4761-family-relation-to-v3-role-code", "", "1", ["SPS"], "equivalent"),
    ("cv0201101-identity-document-to-v2-0203", "", "03", ["PPN"], "equivalent"),
    ("cv0201101-identity-document-to-v2-0203", "", "02", [], "unmatched"),
    ("cv0900403-admission-route-to-admit-source", "2011", "1", ["outp"], "equivalent"),
    ("cv0900403-admission-route-to-admit-source", "2016", "1", ["emd"], "equivalent"),
    ("cv0600226-discharge-way-to-discharge-disposition", "", "3", ["other-hcf"], "wider"),
    ("cv0900404-patient-type-to-encounter-class", "", "3", ["IMP"], "equivalent"),
    ("insutype-to-coverage-type", "", "510", [], "unmatched"),
    ("cv0710005-payment-way-to-coverage-type", "", "7", ["pay"], "equivalent"),
    ("cn-referral-business-status-to-task-status", "", "no-show", ["failed"], "wider"),
    ("cn-referral-business-status-to-task-status", "", "feedback-sent",
     ["completed", "in-progress"], "inexact"),
    ("consent-outcome-to-consent-status", "", "refused", ["rejected"], "equivalent"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "version", "code", "targets", "equivalence"), TARGETS)
def test_a_row(id: str, version: str, code: str, targets: list[str], equivalence: str) -> None:
    found = [
        target
        for group, element, target in rows(MAPS[id])
        if element["code"] == code and version in ("", group.get("sourceVersion"))
    ]
    assert sorted(t["code"] for t in found if "code" in t) == targets
    assert {t["equivalence"] for t in found} == {equivalence}


def systems(naming_system: Json) -> set[str]:
    """What Identifier.system may be."""
    return {
        "urn:oid:" + each["value"] if each["type"] == "oid" else each["value"]
        for each in naming_system["uniqueId"]
    }


@pytest.mark.parametrize("id", NAMES)
def test_an_identifier_system(id: str) -> None:
    """Spec: http://hl7.org/fhir/R4/namingsystem.html; one preferred spelling."""
    each = NAMES[id]
    assert each["kind"] == "identifier"
    assert sum(u["preferred"] for u in each["uniqueId"]) == 1
    for unique in each["uniqueId"]:
        if unique["type"] == "oid":
            assert re.fullmatch(r"[0-2](\.(0|[1-9][0-9]*))+", unique["value"])
            assert "urn:oid:" + unique["value"] in {u["value"] for u in each["uniqueId"]}


def test_no_address_belongs_to_two_identifier_systems() -> None:
    every = [each for n in NAMES.values() for each in systems(n)]
    assert len(every) == len(set(every))


def test_the_resident_id_has_both_spellings_that_the_server_takes_for_one() -> None:
    assert systems(NAMES["resident-id"]) in [set(each) for each in SPELLINGS]
    (preferred,) = [u["value"] for u in NAMES["resident-id"]["uniqueId"] if u["preferred"]]
    assert preferred == canonical.RESIDENT_ID


def test_every_identifier_system_of_the_code_is_described() -> None:
    every = {each for n in NAMES.values() for each in systems(n)}
    of_code = {canonical.RESIDENT_ID, canonical.HEALTH_RECORD_NO, canonical.MEDICAL_RECORD_NO,
               canonical.ORGANIZATION_CODE, canonical.REQUEST_NO}  # fmt: skip
    of_code |= {canonical.naming_system(n) for n in ("form-content", "department", "practitioner",
                "practitioner-role", "medical-record-of-hospital", "referral-package",
                "up-referral-number", "down-referral-number")}  # fmt: skip
    assert of_code <= every
    assert {
        f"{OID}.1.{n}" for n in (1, 2, 3, 4, 5, 7, 11, 12, 13, 19, 21, 22, 24, 26, 27, 34)
    } <= every
