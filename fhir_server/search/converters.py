"""Elements to index entries, by kind of parameter and type of element (see storage/plan.py).

A converter takes the entries made so far by kind, the code of the parameter and one value, and adds
its own. Spec: http://hl7.org/fhir/R4/search.html, the table of each parameter type
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from ..model.dates import MAX, MIN, parse_interval
from ..model.pinyin import has_han, person_readings, split_name, text_readings
from ..model.references import parse_reference
from ..model.text import fold
from .measures import as_float, bounds, money, number, quantity, quantity_range, sampled
from .text import MAX_STRING

Json: TypeAlias = dict[str, Any]
Row: TypeAlias = tuple[Any, ...]
Out: TypeAlias = dict[str, list[Row]]
Convert: TypeAlias = Callable[[Out, str, Any], None]


def _add(out: Out, kind: str, row: Row) -> None:
    rows = out.get(kind)
    if rows is None:
        out[kind] = [row]
    else:
        rows.append(row)


def _text(out: Out, code: str, text: Any) -> None:
    """What the modifier `:text` looks at. Spec: search.html#token"""
    if type(text) is str and text:
        cut = text[:MAX_STRING]
        _add(out, "string", (f"{code}:text", fold(cut), cut))


def coding(out: Out, code: str, value: Json) -> None:
    if "code" in value:
        _add(out, "token", (code, value.get("system", ""), value["code"]))
    if "display" in value:
        _text(out, code, value["display"])


def concept(out: Out, code: str, value: Json) -> None:
    for each in value.get("coding", ()):
        coding(out, code, each)
    if "text" in value:
        _text(out, code, value["text"])


def identifier(out: Out, code: str, value: Json) -> None:
    found = value.get("value")
    if found is not None:
        _add(out, "token", (code, value.get("system", ""), found))
    kind = value.get("type")
    if kind is not None:
        _text(out, code, kind.get("text"))
        if found is not None:
            for each in kind.get("coding", ()):
                if "code" in each:
                    system = f"{each.get('system', '')}|{each['code']}"
                    _add(out, "token", (f"{code}:of-type", system, found))


def contact(out: Out, code: str, value: Json) -> None:
    if "value" in value:
        _add(out, "token", (code, "", value["value"]))


def plain_token(out: Out, code: str, value: Any) -> None:
    if value is True or value is False:
        value = "true" if value else "false"
    _add(out, "token", (code, "", str(value)))


def string(out: Out, code: str, value: str) -> None:
    cut = value[:MAX_STRING]
    _add(out, "string", (code, fold(cut), cut))


def name_string(out: Out, code: str, value: str) -> None:
    """The name of an organisation or a place, also as it is read."""
    string(out, code, value)
    for reading in text_readings(value):
        _add(out, "pinyin", (code, reading))


def human_name(out: Out, code: str, value: Json) -> None:
    given = [g for g in value.get("given", ()) if g]
    family, text = value.get("family"), value.get("text")
    parts = [text, family, *given, *value.get("prefix", ()), *value.get("suffix", ())]
    names: list[tuple[str, str]] = []
    if family and given:
        # A Chinese name is searched as it is written, family and given name together.
        parts.append(family + "".join(given))
        names.append((family, "".join(given)))
    elif family:
        names.append((family, ""))
    if text and text.isascii() is False and not (family and given):
        names.append(split_name(text.strip()))
    for part in parts:
        if part:
            string(out, code, part)
    for reading in person_readings(names):
        _add(out, "pinyin", (code, reading))


def name_part(out: Out, code: str, value: str) -> None:
    """Patient.name.family and the like, which R4 takes as plain strings."""
    string(out, code, value)
    if has_han(value):
        whole = (value, "") if code == "family" else ("", value)
        for reading in person_readings((whole,)):
            _add(out, "pinyin", (code, reading))


def address(out: Out, code: str, value: Json) -> None:
    names = ("text", "city", "district", "state", "postalCode", "country")
    for part in (*(value.get(n) for n in names), *value.get("line", ())):
        if part:
            string(out, code, part)


def date(out: Out, code: str, value: str) -> None:
    try:
        _add(out, "date", (code, *parse_interval(value)))
    except ValueError:  # stored without validation
        return


def _period(value: Json) -> tuple[int, int] | None:
    """One that ends before it begins, or whose ends are no dates, covers no time: no interval."""
    start, end = value.get("start"), value.get("end")
    if not start and not end:
        return None
    try:
        low = parse_interval(start)[0] if start else MIN
        high = parse_interval(end)[1] if end else MAX
    except ValueError:
        return None
    return (low, high) if low < high else None


def period(out: Out, code: str, value: Json) -> None:
    found = _period(value)
    if found is not None:
        _add(out, "date", (code, *found))


def timing(out: Out, code: str, value: Json) -> None:
    moments = [_period({"start": each, "end": each}) for each in value.get("event", ()) if each]
    moments.append(_period(value.get("repeat", {}).get("boundsPeriod", {})))
    known = [m for m in moments if m is not None]
    if known:
        _add(out, "date", (code, min(m[0] for m in known), max(m[1] for m in known)))


def uri(out: Out, code: str, value: str) -> None:
    _add(out, "uri", (code, value))


def canonical_uri(out: Out, code: str, value: str) -> None:
    """Found with and without its version."""
    for each in dict.fromkeys((value, value.partition("|")[0])):
        _add(out, "uri", (code, each))


def plain_number(out: Out, code: str, value: Any) -> None:
    found = number(value)
    if found is not None:
        exact = as_float(found)
        _add(out, "number", (code, exact, exact))


def number_range(out: Out, code: str, value: Json) -> None:
    found = bounds(value)
    if found is not None:
        _add(out, "number", (code, *(b if isinstance(b, float) else as_float(b) for b in found)))


def _measures(make: Callable[[Json], Iterable[Row]]) -> Convert:
    def convert(out: Out, code: str, value: Json) -> None:
        for row in make(value):
            _add(out, "quantity", (code, *row))

    return convert


def position(out: Out, code: str, value: Json) -> None:
    latitude, longitude = number(value.get("latitude")), number(value.get("longitude"))
    if latitude is not None and longitude is not None:
        north, east = as_float(latitude), as_float(longitude)
        if -90 <= north <= 90 and -180 <= east <= 180:
            _add(out, "position", (code, north, east))


def reference_to(base: str) -> Convert:
    """References as a server at `base` understands them."""

    def reference(out: Out, code: str, value: Json) -> None:
        text = value.get("reference")
        if text:
            target = parse_reference(text, base)
            row = ("", "", text) if target is None else (target.type, target.id, target.url)
            _add(out, "reference", (code, *row))
        named = value.get("identifier")
        if named is not None:
            identifier(out, f"{code}:identifier", named)

    return reference


def canonical_to(base: str) -> Convert:
    def canonical(out: Out, code: str, value: str) -> None:
        # Searched with or without its version.
        for text in dict.fromkeys((value, value.partition("|")[0])):
            target = parse_reference(text, base)
            if target is not None:
                _add(out, "reference", (code, target.type, target.id, target.url))

    return canonical


_QUANTITIES = ("Quantity", "SimpleQuantity", "Age", "Duration", "Count", "Distance")
CONVERTERS: dict[str, dict[str, Convert]] = {
    "token": {
        "Coding": coding,
        "CodeableConcept": concept,
        "Identifier": identifier,
        "ContactPoint": contact,
        **dict.fromkeys(
            ("code", "string", "uri", "url", "canonical", "oid", "uuid", "id", "boolean",
             "integer", "positiveInt", "unsignedInt", "date", "dateTime", "instant"),
            plain_token,
        ),
    },
    "string": {
        "HumanName": human_name,
        "Address": address,
        **dict.fromkeys(("string", "markdown", "code", "id", "uri", "url", "canonical"), string),
    },
    "date": {
        "Period": period,
        "Timing": timing,
        **dict.fromkeys(("date", "dateTime", "instant"), date),
    },
    "uri": {**dict.fromkeys(("uri", "url", "oid", "uuid"), uri), "canonical": canonical_uri},
    "number": {
        "Range": number_range,
        **dict.fromkeys(("integer", "positiveInt", "unsignedInt", "decimal"), plain_number),
    },
    "quantity": {
        "Money": _measures(money),
        "Range": _measures(quantity_range),
        "SampledData": _measures(sampled),
        **dict.fromkeys(_QUANTITIES, _measures(quantity)),
    },
    "position": {"Location.position": position},
}  # fmt: skip


def converters_for(base: str) -> dict[str, dict[str, Convert]]:
    """All of them, for a server whose address is `base`."""
    to = canonical_to(base)
    references = {"Reference": reference_to(base), "canonical": to, "uri": to, "url": to}
    return {**CONVERTERS, "reference": references}
