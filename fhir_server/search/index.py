"""Index entries of a resource, as rows by kind (see storage/plan.py).

Spec: http://hl7.org/fhir/R4/search.html, the sections of each parameter type
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ..model.dates import MAX, MIN, parse_interval
from ..model.references import parse_reference
from ..model.text import fold
from .parameters import Parameter, Registry

Json: TypeAlias = dict[str, Any]
Row: TypeAlias = tuple[Any, ...]
Convert: TypeAlias = Callable[[Any], Iterator[Row]]

MAX_STRING = 400  # characters of a string that are indexed; a longer text is found by its beginning


def _coding(value: Json) -> Iterator[Row]:
    if "code" in value:
        yield value.get("system", ""), value["code"]


def _concept(value: Json) -> Iterator[Row]:
    for each in value.get("coding", ()):
        yield from _coding(each)


def _identifier(value: Json) -> Iterator[Row]:
    if "value" in value:
        yield value.get("system", ""), value["value"]


def _contact(value: Json) -> Iterator[Row]:
    if "value" in value:
        yield "", value["value"]


def _plain_token(value: Any) -> Iterator[Row]:
    if value is True or value is False:
        yield "", "true" if value else "false"
    else:
        yield "", str(value)


def _string(value: str) -> Iterator[Row]:
    cut = value[:MAX_STRING]
    yield fold(cut), cut


def _human_name(value: Json) -> Iterator[Row]:
    given = value.get("given", [])
    parts = [value.get("text"), value.get("family"), *given]
    parts += value.get("prefix", []) + value.get("suffix", [])
    family = value.get("family")
    if family and given:
        # A Chinese name is searched as it is written, family and given name together.
        parts.append(family + "".join(g for g in given if g))
    for part in parts:
        if part:
            yield from _string(part)


def _address(value: Json) -> Iterator[Row]:
    names = ("text", "city", "district", "state", "postalCode", "country")
    for part in [value.get(n) for n in names] + value.get("line", []):
        if part:
            yield from _string(part)


def _date(value: str) -> Iterator[Row]:
    yield parse_interval(value)


def _period(value: Json) -> Iterator[Row]:
    start, end = value.get("start"), value.get("end")
    if start or end:
        low = parse_interval(start)[0] if start else MIN
        yield low, parse_interval(end)[1] if end else MAX


def _timing(value: Json) -> Iterator[Row]:
    moments = [parse_interval(each) for each in value.get("event", ()) if each]
    moments += _period(value.get("repeat", {}).get("boundsPeriod", {}))
    if moments:
        yield min(m[0] for m in moments), max(m[1] for m in moments)


def _uri(value: str) -> Iterator[Row]:
    yield (value,)


CONVERTERS: dict[str, dict[str, Convert]] = {
    "token": {
        "Coding": _coding,
        "CodeableConcept": _concept,
        "Identifier": _identifier,
        "ContactPoint": _contact,
        **dict.fromkeys(
            ("code", "string", "uri", "url", "canonical", "oid", "uuid", "id", "boolean",
             "integer", "positiveInt", "unsignedInt", "date", "dateTime", "instant"),
            _plain_token,
        ),
    },
    "string": {
        "HumanName": _human_name,
        "Address": _address,
        **dict.fromkeys(("string", "markdown", "code", "id", "uri", "url", "canonical"), _string),
    },
    "date": {
        "Period": _period,
        "Timing": _timing,
        **dict.fromkeys(("date", "dateTime", "instant"), _date),
    },
    "uri": dict.fromkeys(("uri", "url", "canonical", "oid", "uuid"), _uri),
}  # fmt: skip


class Indexer:
    """Makes the index entries of resources. `base_url` is this server's own, for references."""

    def __init__(self, registry: Registry, base_url: str = "") -> None:
        self._registry = registry
        self._base_url = base_url
        self._converters = {**CONVERTERS, "reference": self._reference_converters()}

    def entries(self, resource: Json) -> dict[str, list[Row]]:
        """Shape: {"token": [("code", "system", "value"), …], …}, without empty kinds."""
        out: dict[str, list[Row]] = {}
        for parameter in self._registry.of(resource["resourceType"]).values():
            assert parameter.select is not None
            found = parameter.select(resource)
            if found:
                converters = self._converters[parameter.kind]
                code = parameter.code
                for value, fhir_type in found:
                    convert = converters.get(fhir_type)
                    if convert is not None:
                        rows = out.setdefault(parameter.kind, [])
                        rows.extend((code, *row) for row in convert(value))
        return {kind: list(dict.fromkeys(rows)) for kind, rows in out.items() if rows}

    def references(self, resource: Json, parameter: Parameter) -> list[tuple[str, str]]:
        """(type, id) of the local resources that one reference parameter points to."""
        return [(row[0], row[1]) for row in self.rows(resource, parameter) if row[1]]

    def rows(self, resource: Json, parameter: Parameter) -> list[Row]:
        """The entries of one parameter, without its code."""
        assert parameter.select is not None
        converters = self._converters[parameter.kind]
        return [
            row
            for value, fhir_type in parameter.select(resource)
            if fhir_type in converters
            for row in converters[fhir_type](value)
        ]

    def _reference_converters(self) -> dict[str, Convert]:
        base = self._base_url

        def reference(value: Json) -> Iterator[Row]:
            text = value.get("reference")
            target = parse_reference(text, base) if text else None
            if target is not None:
                yield target.type, target.id, target.url

        def canonical(value: str) -> Iterator[Row]:
            # Searched with or without its version.
            for text in dict.fromkeys((value, value.partition("|")[0])):
                target = parse_reference(text, base)
                if target is not None:
                    yield target.type, target.id, target.url

        return {"Reference": reference, "canonical": canonical, "uri": canonical, "url": canonical}
