"""Resources that searches are tried on, and the trial of a table of searches.

A row of a table: the section of http://hl7.org/fhir/R4/ that says so, the search, and the ids it
finds, in any order unless the search has a `_sort`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from .conftest import Api

Json = dict[str, Any]
Row = tuple[str, str, str]
UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"


def encoded(query: str) -> str:
    return quote(query, safe="?=&:/.,$-_")


async def load(api: Api, resources: Sequence[Json]) -> None:
    entries = [
        {"resource": r, "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}}
        for r in resources
    ]
    answer = await api.bundle("transaction", *entries)
    assert answer.status_code == 200, answer.text


async def check(api: Api, rows: Sequence[Row]) -> None:
    """All rows that find something else, at once."""
    wrong = []
    for section, query, expected in rows:
        answer = await api.get(f"/fhir/{encoded(query)}")
        if answer.status_code != 200:
            wrong.append((section, query, answer.status_code, answer.json()["issue"][0]))
            continue
        entries = answer.json().get("entry", [])
        found = [e["resource"]["id"] for e in entries if e["search"]["mode"] == "match"]
        order = list if "_sort=" in query else sorted
        if order(found) != order(expected.split()):
            wrong.append((section, query, "expected", expected, "found", " ".join(found)))
    assert not wrong, "\n".join(map(str, wrong))


def ref(text: str) -> Json:
    return {"reference": text}


def coded(*codings: str, text: str = "", display: str = "") -> Json:
    """Shape of a coding: `system|code`."""
    pairs = [each.rpartition("|") for each in codings]
    coding = [{"code": c, **({"system": s} if s else {})} for s, _, c in pairs]
    if display:
        coding[0]["display"] = display
    return {**({"coding": coding} if coding else {}), **({"text": text} if text else {})}


def measured(value: float, code: str, **more: Any) -> Json:
    return {"value": value, "system": UCUM, "code": code, **more}


def observation(id: str, code: str, patient: str = "p1", **more: Any) -> Json:
    return {"resourceType": "Observation", "id": id, "status": "final", "code": coded(code),
            "subject": ref(f"Patient/{patient}"), **more}  # fmt: skip
