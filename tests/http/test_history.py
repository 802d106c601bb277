"""history of instance, type and system. Spec: http://hl7.org/fhir/R4/http.html#history"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .conftest import Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def write(api: Api, *names: str) -> None:
    """Each name is `Type/id`; another time is another version."""
    for n, name in enumerate(names):
        kind, id = name.split("/")
        await api.update({"resourceType": kind, "id": id, "language": f"x-{n}"})
        await asyncio.sleep(0.002)  # each at a moment of its own, which counts milliseconds


async def page(api: Api, url: str) -> Json:
    answer = await api.get(url)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def versions(found: Json) -> list[str]:
    """`Type/id/version` of the entries, in order."""
    return [
        each["fullUrl"].removeprefix("http://test/fhir/")
        + "/"
        + each["response"]["etag"].strip('W/"')
        for each in found.get("entry", [])
    ]


def link(found: Json, relation: str) -> str:
    return next((each["url"] for each in found["link"] if each["relation"] == relation), "")


LEVELS = [
    ("/fhir/Location/a/_history", ["Location/a/2", "Location/a/1"]),
    ("/fhir/Location/_history", ["Location/a/2", "Location/b/1", "Location/a/1"]),
    (
        "/fhir/_history",
        ["Patient/a/2", "Location/a/2", "Location/b/1", "Patient/a/1", "Location/a/1"],
    ),
]


async def test_levels(both: Api) -> None:
    await write(both, "Location/a", "Patient/a", "Location/b", "Location/a")
    await both.delete("/fhir/Patient/a")
    for url, wanted in LEVELS:
        found = await page(both, url)
        # The server's own definitions, published at the start, come behind them.
        found["entry"] = found["entry"][: len(wanted)]
        assert versions(found) == wanted
        assert found["type"] == "history"
        assert found["total"] >= len(wanted)
    gone = (await page(both, "/fhir/Patient/_history"))["entry"][0]
    assert gone["request"] == {"method": "DELETE", "url": "Patient/a"}
    assert gone["response"]["status"] == "204 No Content"
    assert "resource" not in gone


async def test_pages_forth_and_back(both: Api) -> None:
    await write(both, *["Location/a", "Location/b"] * 3)
    for url in ("/fhir/Location/_history", "/fhir/Location/a/_history"):
        whole = versions(await page(both, url))
        for sort in ("", "&_sort=-_lastUpdated", "&_sort=_lastUpdated"):
            wanted = whole[::-1] if sort == "&_sort=_lastUpdated" else whole
            first = found = await page(both, f"{url}?_count=2{sort}")
            seen, pages = versions(found), [found]
            while link(found, "next"):
                found = await page(both, link(found, "next"))
                pages.append(found)
                seen += versions(found)
            assert seen == wanted
            assert {each["total"] for each in pages} == {len(whole)}
            assert link(found, "first") == link(first, "self")
            for earlier in pages[-2::-1]:
                found = await page(both, link(found, "previous"))
                assert versions(found) == versions(earlier)
            assert not link(found, "previous")


async def test_bounds_of_time(api: Api) -> None:
    await write(api, "Location/a", "Location/b", "Location/a")
    entries = (await page(api, "/fhir/Location/_history"))["entry"]
    third, second, first = (each["response"]["lastModified"] for each in entries)
    assert first < second < third
    cases = [
        (f"_since={second}", ["Location/a/2", "Location/b/1"]),
        (f"_before={second}", ["Location/a/1"]),
        (f"_since={first}&_before={third}", ["Location/b/1", "Location/a/1"]),
        (f"_at={second}", ["Location/b/1", "Location/a/1"]),
        (f"_at={third}", ["Location/a/2", "Location/b/1"]),
        ("_at=2000-01-01", []),
        ("_since=2100", []),
        ("_since=2000-01-01T00:00:00+08:00", ["Location/a/2", "Location/b/1", "Location/a/1"]),
    ]
    for query, wanted in cases:
        assert versions(await page(api, f"/fhir/Location/_history?{query}")) == wanted, query
    empty = await page(api, "/fhir/Location/a/_history?_since=2100")
    assert (empty["total"], "entry" in empty) == (0, False)


async def test_only_the_total(api: Api) -> None:
    await write(api, "Location/a", "Location/a")
    found = await page(api, "/fhir/Location/_history?_count=0")
    assert (found["total"], "entry" in found) == (2, False)
    assert "total" not in await page(api, "/fhir/Location/_history?_total=none")


async def test_many_versions_are_counted_where_it_is_asked_for(
    both: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_server.interactions.history.COUNTED", 2)
    await write(both, "Location/a", "Location/a")
    assert (await page(both, "/fhir/Location/_history"))["total"] == 2
    await write(both, "Location/a", "Location/a", "Location/a")
    for query in ("", "?_total=estimate", "?_count=1"):
        assert "total" not in await page(both, f"/fhir/Location/_history{query}"), query
    for query in ("_total=accurate", "_count=0", "_count=0&_total=estimate"):
        assert (await page(both, f"/fhir/Location/_history?{query}"))["total"] == 5, query
    assert (await page(both, "/fhir/Location/a/_history"))["total"] == 5


REFUSED = [
    ("/fhir/Location/none/_history", 404, "read-unknown"),
    ("/fhir/Location/a/_history?_since=yesterday", 400, "parameter-value"),
    ("/fhir/Location/a/_history?_at=2026-13-01", 400, "parameter-value"),
    ("/fhir/Location/a/_history?_count=-1", 400, "parameter-value"),
    ("/fhir/Location/a/_history?_sort=name", 400, "parameter-value"),
    ("/fhir/Location/a/_history?_total=x", 400, "parameter-value"),
    ("/fhir/Location/a/_history?code=x", 400, "history-parameter"),
    ("/fhir/Location/a/_history?_cursor=x", 400, "search-page"),
    ("/fhir/Location/_history?_cursor=WzAsMV0", 400, "search-page"),  # [0,1]: of one resource
    ("/fhir/Location/a/_history?_cursor=WzAsIngiXQ", 400, "search-page"),  # [0,"x"]
    ("/fhir/Nothing/_history", 404, "type-unknown"),
]


@pytest.mark.parametrize(("url", "status", "code"), REFUSED)
async def test_refused(api: Api, url: str, status: int, code: str) -> None:
    await write(api, "Location/a")
    answer = await api.get(url)
    assert (answer.status_code, code_of(answer)) == (status, code)
    allowed = await api.get("/fhir/Location/a/_history?_cursor=WzAsMl0")  # [0,2]: the control
    assert allowed.status_code == 200


@pytest.mark.parametrize("path", ["_history", "Location/_history", "Location/a/_history"])
async def test_history_is_only_read(api: Api, path: str) -> None:
    answer = await api.put(f"/fhir/{path}", json={}, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
