"""Index entries, query values, and laws between them. Spec: http://hl7.org/fhir/R4/search.html"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.definitions import r4
from fhir_server.errors import FhirError
from fhir_server.model.dates import MAX, MIN, parse_interval
from fhir_server.model.json import decode_object
from fhir_server.search import Compiler, Indexer, Registry
from fhir_server.search.query import read_cursor, write_cursor
from fhir_server.search.values import PREFIXES, date_bounds, split, unescape
from fhir_server.storage.plan import KINDS
from tests.suites import folder

REGISTRY = Registry(r4())
INDEXER = Indexer(REGISTRY, "http://here/fhir")
COMPILER = Compiler(r4(), REGISTRY)


def entries(**elements: Any) -> dict[str, list[tuple[Any, ...]]]:
    return INDEXER.entries({"resourceType": "ServiceRequest", **elements})


DAY = parse_interval("2026-11-20")
INDEX = [  # an element of a ServiceRequest, its kind, its entries
    ({"status": "active"}, "token", [("status", "", "active")]),
    ({"code": {"coding": [{"system": "s", "code": "a"}, {"code": "b"}, {"display": "c"}]}},
     "token", [("code", "s", "a"), ("code", "", "b")]),
    ({"identifier": [{"value": "1"}, {"system": "s"}]}, "token", [("identifier", "", "1")]),
    ({"authoredOn": "2026-11-20"}, "date", [("authored", *DAY)]),
    ({"occurrencePeriod": {"start": "2026-11-20"}}, "date", [("occurrence", DAY[0], MAX)]),
    ({"occurrencePeriod": {"end": "2026-11-20"}}, "date", [("occurrence", MIN, DAY[1])]),
    ({"occurrenceTiming": {"event": ["2026-11-20", "2026-11-20"]}}, "date",
     [("occurrence", *DAY)]),
    ({"subject": {"reference": "Patient/1"}}, "reference",
     [("subject", "Patient", "1", ""), ("patient", "Patient", "1", "")]),
    ({"subject": {"reference": "Group/1"}}, "reference", [("subject", "Group", "1", "")]),
    ({"subject": {"reference": "http://here/fhir/Patient/1"}}, "reference",
     [("subject", "Patient", "1", ""), ("patient", "Patient", "1", "")]),
    ({"subject": {"reference": "#x"}}, "reference", [("subject", "", "", "#x")]),
    ({"subject": {"identifier": {"system": "s", "value": "1"}}}, "token",
     [("subject:identifier", "s", "1")]),
    ({"identifier": [{"value": "1", "type": {"coding": [{"system": "t", "code": "MR"}],
                                             "text": "病案号"}}]}, "token",
     [("identifier", "", "1"), ("identifier:of-type", "t|MR", "1")]),
    ({"code": {"coding": [{"code": "a", "display": "Ａb"}], "text": "c"}}, "string",
     [("code:text", "ab", "Ａb"), ("code:text", "c", "c")]),
    ({"instantiatesCanonical": ["http://x.org/p|1"]}, "reference",
     [("instantiates-canonical", "", "", "http://x.org/p|1"),
      ("instantiates-canonical", "", "", "http://x.org/p")]),
    ({"subject": {"display": "x"}}, "reference", []),
    ({"instantiatesUri": ["urn:x"]}, "uri", [("instantiates-uri", "urn:x")]),
    ({"_status": {"extension": [{"url": "x"}]}}, "token", []),
]  # fmt: skip


@pytest.mark.parametrize(("element", "kind", "expected"), INDEX)
def test_entries(element: dict[str, Any], kind: str, expected: list[tuple[Any, ...]]) -> None:
    assert sorted(entries(**element).get(kind, [])) == sorted(expected)


def test_entries_have_the_shape_of_the_plan() -> None:
    count = 0
    for file in sorted(folder("examples").glob("*.json")):
        for kind, rows in INDEXER.entries(decode_object(file.read_bytes())).items():
            for row in rows:
                if kind == "composite":
                    assert all(len(part) == 1 + len(KINDS[part[0]]) for part in row[1:])
                    assert 3 <= len(row) <= 1 + len(KINDS[kind])
                else:
                    assert len(row) == 1 + len(KINDS[kind])
                count += 1
    assert count > 500


def test_every_listed_parameter_compiles() -> None:
    total = sum(len(REGISTRY.of(t)) for t in r4().resource_types)
    assert total > 2000


SPLITS = [("a,b", ["a", "b"]), (r"a\,b", [r"a\,b"]), (r"a\\,b", [r"a\\", "b"]), ("", [""]),
          ("a,", ["a", ""]), (r"a\,b,c", [r"a\,b", "c"])]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), SPLITS)
def test_split(text: str, parts: list[str]) -> None:
    assert split(text, ",") == parts


@given(st.lists(st.text(alphabet="ab,|$\\", min_size=1), min_size=1, max_size=4))
def test_escaping_keeps_values_apart(parts: list[str]) -> None:
    escaped = [p.replace("\\", "\\\\").replace(",", "\\,") for p in parts]
    assert [unescape(p) for p in split(",".join(escaped), ",")] == parts


dates = st.one_of(
    st.integers(1900, 2100).map(str),
    st.dates(min_value=__import__("datetime").date(1900, 1, 1)).map(lambda d: str(d)[:7]),
    st.dates(min_value=__import__("datetime").date(1900, 1, 1)).map(str),
)


def holds(prefix: str, stored: str, searched: str) -> bool:
    low, high = parse_interval(stored)
    _, a, b = date_bounds("x", prefix + searched)
    bound = {"a": a, "b": b}
    value = {"low": low, "high": high}
    test = {">=": int.__ge__, ">": int.__gt__, "<=": int.__le__, "<": int.__lt__}
    return any(all(test[op](value[f], bound[x]) for f, op, x in row) for row in PREFIXES[prefix])


CASES = [  # search.html#prefix: stored, searched, match
    ("2013-01-14", "eq2013-01-14", True),
    ("2013-01-14", "eq2013-01", True),
    ("2013-01", "eq2013-01-14", False),
    ("2013-01", "ne2013-01-14", True),
    ("2013-01-14", "gt2013-01-13", True),
    ("2013-01-14", "gt2013-01-14", False),
    ("2013-01", "gt2013-01-14", True),
    ("2013-12-01", "ge2013-12", True),
    ("2013-12", "ge2013-12-31", False),
    ("2013-01-14", "sa2013-01-13", True),
    ("2013-01", "sa2013-01-13", False),
    ("2013-01-14", "eb2013-01-15", True),
    ("2013-01", "eb2013-01-15", False),
]


@pytest.mark.parametrize(("stored", "searched", "match"), CASES)
def test_prefix(stored: str, searched: str, match: bool) -> None:
    assert holds(searched[:2], stored, searched[2:]) is match


@given(dates, dates)
def test_laws_of_the_prefixes(stored: str, searched: str) -> None:
    assert holds("eq", stored, searched) is not holds("ne", stored, searched)
    for strict, wide in (("gt", "ge"), ("lt", "le"), ("sa", "gt"), ("eb", "lt")):
        assert not holds(strict, stored, searched) or holds(wide, stored, searched)
    assert not holds("eq", stored, searched) or (
        holds("ge", stored, searched) and holds("le", stored, searched)
    )


@given(st.tuples(st.none() | st.integers() | st.text(), st.integers() | st.text(min_size=1)))
def test_a_cursor_reads_back(cursor: tuple[Any, ...]) -> None:
    in_range = all(not isinstance(v, int) or -(2**63) <= v < 2**63 for v in cursor)
    if in_range:
        assert read_cursor(write_cursor(cursor), 1) == cursor


@given(st.text(max_size=30))
def test_any_cursor_gets_an_answer(text: str) -> None:
    try:
        read_cursor(text, 1)
    except FhirError as error:
        assert error.code == "search-page"


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_query_gets_an_answer(name: str, value: str) -> None:
    try:
        COMPILER.compile("Patient", [(name, value)])
    except FhirError as error:
        assert error.status in (400, 501)


@given(st.sampled_from(sorted(REGISTRY.of("Patient"))), st.text(max_size=20))
def test_any_value_gets_an_answer(code: str, value: str) -> None:
    try:
        COMPILER.compile("Patient", [(code, value)])
    except FhirError as error:
        assert error.status in (400, 501)
