"""Dates, ids, references, folding and JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import ERRORS, FhirError, Issue
from fhir_server.model.dates import CHINA, instant, now, parse_interval
from fhir_server.model.ids import is_id, new_id
from fhir_server.model.json import MAX_DEPTH, decode, decode_stored, encode, pretty
from fhir_server.model.references import encoded_references, parse_reference, references_in
from fhir_server.model.text import fold

DAY = 86_400_000_000
# search.html#date: a value stands for the interval its precision leaves open.
INTERVALS = [
    ("1970-01-01T00:00:00Z", 0, 1_000_000),
    ("1970-01-01T00:00Z", 0, 60_000_000),
    ("1970-01-01T00:00:00.5Z", 500_000, 600_000),
    ("1970-01-01T08:00:00+08:00", 0, 1_000_000),
    ("1970-01-01", -8 * 3_600_000_000, -8 * 3_600_000_000 + DAY),
    ("1970-01", -8 * 3_600_000_000, -8 * 3_600_000_000 + 31 * DAY),
    ("1970", -8 * 3_600_000_000, -8 * 3_600_000_000 + 365 * DAY),
    ("1969-12-31T23:59:60Z", -1_000_000, 0),
]


@pytest.mark.parametrize(("text", "low", "high"), INTERVALS)
def test_interval(text: str, low: int, high: int) -> None:
    assert parse_interval(text) == (low, high)


@pytest.mark.parametrize("text", ["", "x", "1970-1-1", "1970-13", "1970-02-30", "1970-01-01T24:00Z",
                                  "1970-01-01T00:00:00+25", "70"])  # fmt: skip
def test_no_interval(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_interval(text)


@given(st.dates(min_value=datetime(1900, 1, 1).date(), max_value=datetime(2200, 1, 1).date()))
def test_a_day_lies_in_its_month_and_year(day: object) -> None:
    text = str(day)
    low, high = parse_interval(text)
    for wider in (text[:7], text[:4]):
        a, b = parse_interval(wider)
        assert a <= low < high <= b


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)))
def test_an_instant_reads_back(moment: datetime) -> None:
    micros = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )
    millis = micros // 1000 * 1000
    assert parse_interval(instant(millis))[0] == millis
    assert parse_interval(instant(millis), CHINA)[1] == millis + 1000


def test_ids_sort_by_time_and_are_valid() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert all(is_id(i) and i[14] == "7" and i[19] in "89ab" for i in ids)
    assert abs(int(ids[0].replace("-", "")[:12], 16) - now() // 1000) < 60_000


REFERENCES = [  # references.html#literal
    ("Patient/1", ("Patient", "1", "", "")),
    ("Patient/1/_history/2", ("Patient", "1", "", "2")),
    ("http://here/fhir/Patient/1", ("Patient", "1", "", "")),
    ("http://other/fhir/Patient/1", ("", "", "http://other/fhir/Patient/1", "")),
    ("http://other/fhir/Patient/1/_history/3", ("", "", "http://other/fhir/Patient/1", "")),
    ("urn:uuid:1", ("", "", "urn:uuid:1", "")),
    ("Patient/1#x", ("Patient", "1", "", "")),
]


@pytest.mark.parametrize(("text", "parts"), REFERENCES)
def test_reference(text: str, parts: tuple[str, ...]) -> None:
    assert tuple(parse_reference(text, "http://here/fhir") or ()) == parts


def test_a_contained_reference_names_nothing_outside() -> None:
    assert parse_reference("#x") is None


FOLDS = [("Müller", "muller"), ("ＡＢＣ", "abc"), ("  a  b ", "a b"), ("张三", "张三"),
         ("ß", "ss"), ("É", "e"), ("１２", "12")]  # fmt: skip


@pytest.mark.parametrize(("text", "folded"), FOLDS)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4)
values = st.recursive(
    st.booleans() | st.integers() | decimals | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_json_round_trip(value: object) -> None:
    text = encode(value)
    assert decode_stored(text) == value
    assert decode(text, control=True) == value
    assert json.loads(pretty(text)) == json.loads(text)


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_decimals_keep_trailing_zeros(number: int, places: int) -> None:
    value = Decimal(number).scaleb(-places)
    text = encode(value)
    assert str(decode(text)) == str(value) or places == 0


@given(st.binary(max_size=40))
def test_any_bytes_get_an_answer(body: bytes) -> None:
    try:
        decode(body)
    except FhirError as error:
        assert error.status in (400, 413)


def test_nesting_up_to_the_limit() -> None:
    inside = MAX_DEPTH - 1
    assert decode(b'{"a":' + b"[" * inside + b"]" * inside + b"}")
    with pytest.raises(FhirError) as caught:
        decode(b'{"a":' + b"[" * (inside + 2) + b"]" * (inside + 2) + b"}")
    assert caught.value.code == "json-too-deep"


def test_the_table_of_errors_is_whole() -> None:
    import fhir_server.http.forms  # noqa: F401  (defines its own rows)

    for code, row in ERRORS.items():
        assert 200 <= row.status < 600, code
        assert row.zh, code
        assert row.en, code
        fields = {"zh": row.zh, "en": row.en}
        names = [set(__import__("string").Formatter().parse(t)) for t in fields.values()]
        # A name of `name_zh` is that of `name` in the other language.
        placeholders = [{n.removesuffix("_zh") for _, n, _, _ in each if n} for each in names]
        assert placeholders[0] == placeholders[1] or code in ("form-file", "form-field"), code


def test_an_error_has_at_least_one_issue() -> None:
    with pytest.raises(ValueError, match="issue"):
        FhirError.of([])
    error = FhirError.of([Issue("read-unknown", "a"), Issue("read-deleted", "b")])
    assert (error.status, error.code, len(error.issues)) == (404, "read-unknown", 2)


@given(
    st.recursive(
        st.text() | st.sampled_from(['"reference":"', 'reference":"x', "\\", '\\"', "Patient/1"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["reference", "x", 'a"reference']), inner)
        ),
        max_leaves=12,
    )
)
def test_references_are_the_same_in_both_faces_of_a_resource(value: Any) -> None:
    resource = {"resourceType": "Basic", "value": value}
    assert encoded_references(encode(resource)) == list(references_in(resource))


def test_references_are_found_in_encoded_json() -> None:
    resource = {"subject": {"reference": "Patient/1"}, "note": '"reference":"Patient/2"'}
    assert encoded_references(encode(resource)) == ["Patient/1"]
