"""What the package holds is itself valid R4, and its parts fit each other."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.model import canonical
from fhir_server.validation import Validator
from tests.profiles.package import (
    PROFILES,
    ROOT,
    Json,
    conformance,
    instances,
    profiles,
    read,
)

SERVED = [r for r in conformance() if r["resourceType"] == "CapabilityStatement"]


@pytest.mark.parametrize("resource", conformance(), ids=lambda r: f"{r['resourceType']}/{r['id']}")
def test_resource_of_the_package_is_valid(resource: Json, validator: Validator):
    assert not [i for i in validator.validate(resource) if i.severity == "error"]


def test_there_is_a_capability_statement_for_each_actor():
    wanted = {"referral-ehr", "referral-consortium-server", "referral-regional-platform"}
    assert {r["id"] for r in SERVED} == wanted
    assert {r["rest"][0]["mode"] for r in SERVED} == {"client", "server"}


@pytest.mark.parametrize("statement", SERVED, ids=lambda r: r["id"])
def test_capability_statement_names_what_exists(statement: Json):
    held = {r["url"] for r in conformance()}
    paths = (PROFILES / "OperationDefinition").glob("*.json")
    held |= {read(path)["url"] for path in paths}
    named: list[str] = list(statement["implementationGuide"])
    for resource in statement["rest"][0]["resource"]:
        name = resource["type"]
        for url in resource["supportedProfile"]:
            assert profiles()[url.rpartition("/")[2]]["type"] == name
        for parameter in resource.get("searchParam", ()):
            if "definition" in parameter:
                named.append(parameter["definition"])
            else:
                assert parameter["name"] in {
                    p.code for p in r4().search_parameters if name in p.base
                }
        named += [each["definition"] for each in resource.get("operation", ())]
    assert {url for url in named if url.startswith(canonical.BASE)} <= held
    assert len(named) > 1 or statement["id"] != "referral-consortium-server"


def test_consortium_server_supports_every_profile_that_is_not_abstract():
    """Documents and forms beyond the common ones are Compositions and Bundles like those."""
    server = next(r for r in SERVED if r["id"] == "referral-consortium-server")
    supported = {u for r in server["rest"][0]["resource"] for u in r["supportedProfile"]}
    wanted = {
        p["url"]
        for p in profiles().values()
        if not p["abstract"] and p["type"] not in ("Composition", "Bundle")
    }
    assert wanted <= supported


# Defined by others, and ICD-10, which a hospital loads.
ELSEWHERE = ("http://terminology.hl7.org/", "http://hl7.org/", "http://loinc.org",
             "http://snomed.info/", "http://www.iana.org/", "urn:iso", "urn:ietf",
             "urn:oid:2.16.156.10011.2.3.3.11")  # fmt: skip


def test_systems_in_use_are_in_the_terminology():
    """Of identifiers and of codes: each has its NamingSystem or CodeSystem."""
    named: set[str] = set()
    for path in (ROOT / "terminology").glob("*/*.json"):
        resource = read(path)
        for each in resource.get("uniqueId", ()):
            named |= {each["value"], "urn:oid:" + each["value"]}
        if resource["resourceType"] == "CodeSystem":
            named.add(resource["url"])
    used: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("system"), str):
                used.add(value["system"])
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    for example in instances().values():
        walk(example)
    ours = {s for s in used if ":" in s and not s.startswith(ELSEWHERE)}
    assert ours
    assert ours <= named
