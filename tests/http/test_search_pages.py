"""Order, pages, totals and the ways to ask, over HTTP, on each store.

Spec: http://hl7.org/fhir/R4/search.html#sort, #count, #total, #post; http.html#paging
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from .conftest import FHIR, Api, code_of
from .library import Json, encoded, load, ref

pytestmark = pytest.mark.anyio
FORM = {"content-type": "application/x-www-form-urlencoded"}


def patient(number: int) -> Json:
    """Few families and dates, so that many tie; some have none."""
    out: Json = {"resourceType": "Patient", "id": f"s{number:02d}", "active": number % 3 == 0}
    if number % 4:
        out["birthDate"] = f"19{50 + number % 3}-01-01"
    if number % 5:
        out["name"] = [{"family": "王李张刘"[number % 4], "given": [f"{number}"]}]
    if number % 2:
        out["managingOrganization"] = ref(f"Organization/o{number % 3}")
    return out


COUNT = 23
PATIENTS = [patient(n) for n in range(COUNT)]
SORTS = ["", "birthdate", "-birthdate", "family,-birthdate", "-family,birthdate,-_id", "-_id",
         "_lastUpdated", "organization,-_lastUpdated", "active,-family",
         "-name,gender"]  # fmt: skip


def value_of(each: Json, code: str) -> Any:
    """What R4 sorts by: none comes last in both directions."""
    name = (each.get("name") or [{}])[0]
    return {
        "_id": each["id"],
        "birthdate": each.get("birthDate"),
        "family": name.get("family"),
        "active": str(each["active"]),
        "organization": each.get("managingOrganization", {}).get("reference"),
    }.get(code)


def in_order(found: list[Json], sort: str) -> bool:
    """Is each pair of neighbours in the order of the keys that `value_of` knows?"""
    keys = [(k.removeprefix("-"), k.startswith("-")) for k in sort.split(",") if k]
    for one, other in pairwise(found):
        for code, descending in keys:
            a, b = value_of(one, code), value_of(other, code)
            if code not in ("_id", "birthdate", "family", "active", "organization") or a == b:
                continue
            if a is None or (b is not None and (a < b) is descending):
                return False
            break
    return True


def links(page: Json) -> dict[str, str]:
    return {each["relation"]: each["url"] for each in page["link"]}


def ids(page: Json) -> list[str]:
    return [e["resource"]["id"] for e in page.get("entry", ())]


async def test_pages_forth_and_back_are_the_whole(both: Api) -> None:
    await load(both, PATIENTS)
    for sort in SORTS:
        await walk(both, sort, 7)


async def walk(api: Api, sort: str, count: int) -> None:
    query = (
        f"/fhir/Patient?_sort={sort}&_total=accurate" if sort else "/fhir/Patient?_total=accurate"
    )
    whole = (await api.get(f"{query}&_count=100")).json()
    assert (whole["total"], len(ids(whole))) == (COUNT, COUNT)
    assert in_order([e["resource"] for e in whole["entry"]], sort)
    pages = [(await api.get(f"{query}&_count={count}")).json()]
    while "next" in links(pages[-1]):
        assert {"self", "first", "next", "last"} <= links(pages[-1]).keys()
        pages.append((await api.get(links(pages[-1])["next"])).json())
    assert [i for page in pages for i in ids(page)] == ids(whole)
    assert all(page["total"] == COUNT for page in pages)
    assert "previous" not in links(pages[0])
    for before, page in pairwise(pages):
        assert ids((await api.get(links(page)["previous"])).json()) == ids(before)
        assert ids((await api.get(links(page)["first"])).json()) == ids(pages[0])
    last = (await api.get(links(pages[0])["last"])).json()
    assert ids(last) == ids(whole)[-count:]
    assert "next" not in links(last)
    back = (await api.get(links(last)["previous"])).json()
    assert ids(back) == ids(whole)[-2 * count : -count]


async def test_a_page_is_told_apart_by_its_links(api: Api) -> None:
    await load(api, PATIENTS)
    page = (await api.get("/fhir/Patient?_count=5&active=false,true&name=王&_elements=id")).json()
    link = links(page)
    # All that was asked for is in every link; without a total there is no last.
    for each in (link["self"], link["next"], link["first"]) if "next" in link else (link["self"],):
        assert {
            ("active", "false,true"),
            ("name", "王"),
            ("_elements", "id"),
            ("_count", "5"),
        } <= set(parse_qsl(urlsplit(each).query))
    assert "last" not in link
    assert all("name" not in e["resource"] for e in page["entry"])


TOTALS = [  # search.html#total and #count: a query, the total (None: not told), the entries
    ("Patient", COUNT, 20 if COUNT > 20 else COUNT),
    ("Patient?_total=accurate&_count=3", COUNT, 3),
    ("Patient?_total=estimate&_count=3", COUNT, 3),
    ("Patient?_total=none&_count=3", None, 3),
    ("Patient?_count=3", None, 3),
    ("Patient?_count=0", COUNT, 0),
    ("Patient?_count=0&_total=none", COUNT, 0),
    ("Patient?_summary=count", COUNT, 0),
    ("Patient?_summary=count&_count=5&active=true", 8, 0),
    ("Patient?_count=1000", COUNT, COUNT),
    ("Patient?_count=999999", COUNT, COUNT),
    ("Patient?_id=none", 0, 0),
    ("Patient?active=true&_total=accurate&_count=1", 8, 1),
    ("?_type=Patient&_summary=count", COUNT, 0),
    ("Organization/o1/Patient?_summary=count", None, None),
]


async def test_totals(both: Api) -> None:
    await load(both, PATIENTS)
    for query, total, entries in TOTALS:
        answer = await both.get(f"/fhir/{query}")
        if entries is None:  # Organization is no compartment
            assert answer.status_code == 404, query
            continue
        page = answer.json()
        if query == "Patient":
            assert (page.get("total"), len(page["entry"])) == (None, entries)
            continue
        assert (page.get("total"), len(page.get("entry", ()))) == (total, entries), query
        assert "entry" not in page or page["entry"], "no client likes an empty array"


async def test_ways_to_ask(both: Api) -> None:
    """GET, POST with a form, with a query beside it, of a type, a compartment and the system."""
    await load(both, PATIENTS)
    expected = await both.ids(encoded("Patient?family=王&active=false"))
    assert len(expected) > 1
    chinese = "family=%E7%8E%8B"
    for path, body in (
        ("Patient/_search", f"{chinese}&active=false"),
        ("Patient/_search?active=false", chinese),
        (f"Patient/_search?{chinese}&active=false", ""),
        ("_search", f"_type=Patient&{chinese}&active=false"),
        ("_search?_type=Patient", f"{chinese}&active=false"),
    ):
        answer = await both.post(f"/fhir/{path}", content=body, headers=FORM)
        assert answer.status_code == 200, answer.text
        assert sorted(ids(answer.json())) == sorted(expected), path
    # Its links are for GET, and lead on.
    first = await both.post(
        "/fhir/Patient/_search", content=f"{chinese}&_count=1&active=false", headers=FORM
    )
    seen, page = ids(first.json()), first.json()
    while "next" in links(page):
        page = (await both.get(links(page)["next"])).json()
        seen += ids(page)
    assert sorted(seen) == sorted(expected)
    for path in (f"Patient/_search?{chinese}&active=false", f"Patient?{chinese}&active=false"):
        assert sorted(await both.ids(path)) == sorted(expected)
        head = await both.head(f"/fhir/{path}")
        assert (head.status_code, head.content) == (200, b"")


async def test_pages_of_the_system_and_of_a_compartment(both: Api) -> None:
    tasks = [{"resourceType": "Task", "id": f"t{n}", "status": "draft", "intent": "order",
              "for": ref("Patient/s01")} for n in range(4)]  # fmt: skip
    requests = [{"resourceType": "ServiceRequest", "id": f"r{n}", "status": "draft", "intent":
                 "order", "subject": ref("Patient/s01")} for n in range(4)]  # fmt: skip
    await load(both, [*PATIENTS, *tasks, *requests])
    for query, size in (
        ("?_type=Task,ServiceRequest,Patient&_count=7", COUNT + 8),
        ("?_count=60", None),
        ("Patient/s01/*?_count=3", 9),
        ("Patient/s01/ServiceRequest?_count=3&_sort=-_id", 4),
    ):
        seen: list[str] = []
        page = (await both.get(f"/fhir/{query}")).json()
        while True:
            seen += [
                f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in page["entry"]
            ]
            if "next" not in links(page):
                break
            page = (await both.get(links(page)["next"])).json()
        assert len(seen) == len(set(seen)), query
        assert size is None or len(seen) == size, query
        assert {"Patient/s01", "ServiceRequest/r1"} & set(seen), query


NAMES = {"Ann%": "percent", "Ann_": "line", "Annx": "letter", "A.n*": "dots", "A\\n": "stroke",
         "İstanbul": "dotted", "ﬁnal": "ligature", "Ⅻ": "roman", "ｶﾅ": "kana", "a\u200bb": "zero",
         "𠮷野": "beyond", "O'Neil": "quote", "Ångström": "ring", "ŒUVRE": "oe"}  # fmt: skip
LITERAL = [  # what a database might take for a pattern is plain text; case, accents, width fold
    ("family=Ann%", "percent"), ("family=Ann_", "line"), ("family:contains=%", "percent"),
    ("family:contains=_", "line"), ("family=A.n", "dots"), ("family:contains=.n*", "dots"),
    ("family:contains=*", "dots"), ("family=.*", ""), ("family=^A", ""), ("family:contains=$", ""),
    ("family=A\\\\n", "stroke"), ("family:exact=A\\\\n", "stroke"), ("family=O'N", "quote"),
    ("family:exact=O'Neil", "quote"), ("family=ISTANBUL", "dotted"), ("family=istanbul", "dotted"),
    ("family=final", "ligature"), ("family=xii", "roman"), ("family=カナ", "kana"),
    ("family=𠮷", "beyond"), ("family:contains=野", "beyond"), ("family=angstrom", "ring"),
    ("family=ANN", "letter line percent"),
]  # fmt: skip


async def test_a_text_is_no_pattern(both: Api) -> None:
    people = [{"resourceType": "Patient", "id": id, "name": [{"family": name}]}
              for name, id in NAMES.items()]  # fmt: skip
    await load(both, people)
    for query, expected in LITERAL:
        for language in ("zh-CN", "en", "tr", "de"):
            answer = await both.get(
                f"/fhir/Patient?{encoded(query)}", headers={"accept-language": language}
            )
            assert sorted(ids(answer.json())) == expected.split(), (query, language)


async def test_a_long_text_is_found_by_its_beginning(both: Api) -> None:
    """docs/limits.md: 400 characters of a string are indexed."""
    text = "转诊" * 150 + "末尾" * 200
    await load(both, [{"resourceType": "Organization", "id": "o", "name": text}])
    for query, found in (
        (f"name={text[:300]}", True),
        (f"name={text}", True),
        (f"name:exact={text}", True),
        (f"name:exact={text[:399]}", False),
        ("name:contains=诊末", True),
        (f"name={text[:399]}x", False),
        (f"_content={text[-4:]}", True),
    ):
        assert await both.ids(encoded(f"Organization?{query}")) == ["o"] * found, query[:20]


async def test_the_language_of_messages(api: Api) -> None:
    chinese, english = "不认识的检索参数", "unknown search"
    for language, text in (("zh-CN", chinese), ("en-GB,en;q=0.9", english),
                           ("fr, en;q=0.5", english), ("", chinese)):  # fmt: skip
        answer = await api.get("/fhir/Patient?foo=1", headers={"accept-language": language})
        assert code_of(answer) == "search-unknown"
        assert answer.json()["issue"][0]["details"]["text"].startswith(text), language


async def test_an_invalid_form_is_refused(api: Api) -> None:
    for body, headers, status in (
        ("name=x", FORM, 200),  # the positive control
        ('{"name":"x"}', FHIR, 415),
        ("name=%FF", FORM, 400),
        (b"name=\xff", FORM, 400),
    ):
        answer = await api.post("/fhir/Patient/_search", content=body, headers=headers)
        assert answer.status_code == status, body
