"""The server does what the package asks of a consortium server."""

from __future__ import annotations

from typing import Any

from tests.http.conftest import Api
from tests.profiles.package import conformance

WANTED: dict[str, Any] = next(
    r for r in conformance() if r["id"] == "referral-consortium-server" and "rest" in r
)


async def test_the_server_meets_the_requirements_of_a_consortium_server(api: Api) -> None:
    statement = (await api.get("/fhir/metadata")).json()
    served = statement["rest"][0]
    types = {each["type"]: each for each in served["resource"]}
    lacking = set()
    for each in WANTED["rest"][0]["resource"]:
        there = types[each["type"]]
        does = {i["code"] for i in there["interaction"]}
        lacking |= {(each["type"], i["code"]) for i in each["interaction"]} - {
            (each["type"], code) for code in does
        }
        finds = {p["name"] for p in there["searchParam"]}
        # Those with a definition of this project are indexed once their SearchParameter is stored.
        asked = {p["name"] for p in each.get("searchParam", ()) if "definition" not in p}
        lacking |= {(each["type"], name) for name in asked - finds}
        named = {o["name"] for o in there.get("operation", ())}
        lacking |= {
            (each["type"], o["name"]) for o in each.get("operation", ()) if o["name"] not in named
        }
    assert not lacking
    system = {i["code"] for i in served["interaction"]}
    assert {i["code"] for i in WANTED["rest"][0]["interaction"]} <= system
    assert {"json", "xml"} <= {f.rpartition("+")[2] for f in statement["format"]}
