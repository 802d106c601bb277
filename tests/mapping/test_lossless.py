"""Laws: form → FHIR → form loses nothing; normalise is idempotent; equal forms are told apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_server.mapping import Form
from fhir_server.model.json import decode, encode

from .cases import FORMS, NOW
from .generated import filled

Json = dict[str, Any]
forms = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def resources(bundle: Json) -> dict[str, Json]:
    return {e["fullUrl"]: e["resource"] for e in bundle["entry"]}


def stored(bundle: Json) -> list[Json]:
    """As a server keeps it: addresses of entries have become Type/id."""
    text = encode(bundle).decode()
    for i, (url, resource) in enumerate(resources(bundle).items()):
        text = text.replace(url, f"{resource['resourceType']}/{i}")
    return [e["resource"] for e in decode(text.encode())["entry"]]


@forms
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_filled_form_comes_back_whole(form: Form, data: st.DataObject) -> None:
    values = data.draw(filled(form))
    normal = form.normalise(values)
    assert normal == values  # generated values are canonical
    assert form.from_bundle(decode(encode(form.to_bundle(values, now=NOW)))) == normal


@forms
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_two_stored_resources_are_enough(form: Form, data: st.DataObject) -> None:
    """Patient and doctors may be matched to others, so the form must not need them."""
    values = data.draw(filled(form))
    kept = [
        each
        for each in stored(form.to_bundle(values, now=NOW))
        if each["resourceType"] in ("Composition", "ServiceRequest")
    ]
    assert form.from_resources(reversed(kept)) == values


@forms
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_every_order_of_resources_gives_the_same_form(form: Form, data: st.DataObject) -> None:
    values = data.draw(filled(form))
    kept = stored(form.to_bundle(values, now=NOW))
    assert form.from_resources(data.draw(st.permutations(kept))) == values


@forms
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_normalise_is_idempotent_and_takes_any_spelling_of_a_label(
    form: Form, data: st.DataObject
) -> None:
    values = data.draw(filled(form))
    names: dict[str, list[str]] = {}
    for name, field in form.names.items():
        names.setdefault(field.key, []).append(name)
    other = {data.draw(st.sampled_from(names[key])) + "：": v for key, v in values.items()}
    normal = form.normalise(other)
    assert normal == values
    assert form.normalise(normal) == normal


@forms
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_the_content_identifies_the_form(form: Form, data: st.DataObject) -> None:
    first, second = data.draw(filled(form)), data.draw(filled(form))
    same = {k: str(v) for k, v in first.items()} == {k: str(v) for k, v in second.items()}
    again = dict(reversed(first.items()))
    assert form.content_identifier(again) == form.content_identifier(first)
    assert (form.content_identifier(first) == form.content_identifier(second)) is same
    assert form.to_bundle(again, now=NOW) == form.to_bundle(first, now=NOW)


@forms
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_printing_shows_every_value(form: Form, data: st.DataObject) -> None:
    from html import escape

    values = data.draw(filled(form))
    page = form.print_html(values)
    for each in form.fields:
        if each.key in values and each.type != "date":
            assert (
                escape(str(values[each.key])).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
                in page
            )


def test_the_number_and_not_the_content_identifies_a_numbered_form() -> None:
    form = FORMS["national-up"]
    (path,) = (form.folder / "cases").glob("infant*.in.json")
    values = decode(path.read_bytes())
    other = {**values, "初步印象": "新生儿黄疸"}
    assert form.content_identifier(values) != form.content_identifier(other)
    assert form.request_identifier(values) == form.request_identifier(other)
    elsewhere = {**values, "机构名称": "某街道卫生院"}
    assert form.request_identifier(values) != form.request_identifier(elsewhere)
    del values["转诊单号"]
    assert form.request_identifier(values) is None
