"""`_explain=true`: how a search was understood, and how the store would run it. docs/search.md"""

from __future__ import annotations

import pytest

from .conftest import Api
from .library import Json, encoded, load
from .test_search_across import RECORD

pytestmark = pytest.mark.anyio
QUERIES = {  # a search, and lines that its plan holds
    "ServiceRequest?patient:Patient.identifier=urn:a|7&authored=ge2026&_sort=-authored": (
        "Chain(code='patient', target='Patient')",
        "Test(field='system', operator='=', value='urn:a')",
        "Sort(code='authored', kind='date', descending=True)",
    ),
    'Patient?_filter=name co "三" and not (gender eq male)': (
        "Not()",
        "Test(field='folded', operator='contains', value='三')",
    ),
    "Patient?_has:Observation:patient:code=1&_count=5": (
        "Plan(resource_type='Patient', limit=5)",
        "Has(source='Observation', code='patient')",
    ),
    "?_type=Task,Group&_tag=x": ("Plan(resource_type='', types=('Task', 'Group'))",),
    "Patient/p1/Observation?status=final": ("Match(code='subject', kind='reference')",),
}


def parts(answer: Json, name: str) -> list[tuple[str, str]]:
    (found,) = (each for each in answer["parameter"] if each["name"] == name)
    return [(each["name"], each["valueString"]) for each in found["part"]]


async def test_the_query_its_plan_and_what_the_store_runs(both: Api) -> None:
    await load(both, RECORD)
    for query, lines in QUERIES.items():
        mark = "&" if "?" in query else "?"
        answer = await both.get(f"/fhir/{encoded(query)}{mark}_explain=true")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["resourceType"] == "Parameters"
        stated = [pair.partition("=")[::2] for pair in query.partition("?")[2].split("&")]
        assert parts(body, "query") == [*stated, ("_explain", "true")]
        plan = [text.strip() for _, text in parts(body, "plan")]
        for line in lines:
            assert line in plan, (line, plan)
        store = parts(body, "store")
        told = " ".join(text for _, text in store)
        if ("store", "sqlite") in store:
            assert "SELECT" in dict(store)["sql"]
            # Nothing has a `_tag` here, so that there is nothing to look for by an index.
            assert "USING" in told or "_tag" in query, "it names the index that is used"
        else:
            assert ("store", "mongodb") in store
            assert "$match" in told
        # It tells of the search, and nothing of what is stored.
        assert "李四" not in answer.text


async def test_only_true_explains(api: Api) -> None:
    answer = await api.get("/fhir/Patient?_explain=false")
    assert answer.json()["resourceType"] == "Bundle"
