"""One answer against its question: type, options, length and bounds.

Spec: http://hl7.org/fhir/R4/valueset-item-type.html and the questionnaire extensions of R4
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..fhirpath.quantity import quantity_of
from ..fhirpath.units import parse_unit
from .base_rules import decoded_size
from .findings import ERROR, WARNING, Finding, Findings, Json, one
from .rules.codes import is_latin
from .rules.references import target_type
from .rules.values import compare, same

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run


CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
# item type → type of the answer
TYPES: Mapping[str, tuple[str, ...]] = {
    "boolean": ("Boolean",), "decimal": ("Decimal",), "integer": ("Integer",),
    "date": ("Date",), "dateTime": ("DateTime",), "time": ("Time",), "string": ("String",),
    "text": ("String",), "url": ("Uri",), "attachment": ("Attachment",),
    "reference": ("Reference",), "quantity": ("Quantity",),
}  # fmt: skip
_LAST_TYPE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/.+)?$").search


def value_of_answer(answer: Json) -> Any:
    """value[x] of an answer or an extension; None without one."""
    return next((v for k, v in answer.items() if k.startswith("value")), None)


def type_of_answer(answer: Json) -> str:
    return next((k[5:] for k in answer if k.startswith("value")), "")


def check_answer(compiler: Compiler, question: Json, answer: Json, run: Run) -> Findings:
    kind, found_type = question.get("type", ""), type_of_answer(answer)
    value = value_of_answer(answer)
    wanted = _wanted(question, kind)
    if wanted and found_type not in wanted:
        shown = " ".join(
            name[:1].lower() + name[1:] if name in _SIMPLE else name for name in wanted
        )
        return one("answer-type", expected=shown)
    at = ".value"
    found = _options(compiler, question, kind, value, found_type, at)
    if type(value) is str:
        found += _text(question, value, at)
    found += _range(question, value, at)
    if kind == "quantity" and type(value) is dict:
        found += _unit(compiler, question, value, at)
    if kind == "attachment" and type(value) is dict:
        found += _attachment(question, value, at)
    if kind == "reference" and type(value) is dict:
        found += _reference(compiler, question, value, at, run)
    return found or None


_SIMPLE = frozenset(("Boolean", "Decimal", "Integer", "Date", "DateTime", "Time", "String", "Uri"))


def _wanted(question: Json, kind: str) -> tuple[str, ...]:
    if kind == "open-choice":
        return ()
    if kind == "choice":
        options = question.get("answerOption")
        if type(options) is list and options:
            return tuple(sorted({type_of_answer(o) for o in options if type(o) is dict}))
        return ("Coding",) if "answerValueSet" in question else ()
    return TYPES.get(kind, ())


def _all(question: Json, url: str) -> list[Any]:
    held = question.get("extension", ())
    return [value_of_answer(e) for e in held if type(e) is dict and e.get("url") == url]


def _first(question: Json, *urls: str) -> Any:
    return next((v for url in urls for v in _all(question, url)), None)


def _options(
    compiler: Compiler, question: Json, kind: str, value: Any, found_type: str, at: str
) -> list[Finding]:
    if kind == "open-choice" and found_type == "String":
        return []
    options = question.get("answerOption")
    if type(options) is list and options:
        if any(_chosen(value, value_of_answer(o)) for o in options if type(o) is dict):
            return []
        return one("answer-option", at=at)
    canonical = question.get("answerValueSet")
    if type(canonical) is not str or type(value) is not dict:
        return []
    member = compiler.terms.member(canonical)
    if member is None or type(value.get("code")) is not str:
        return []
    if member(value.get("system") or "", value["code"]) is False:
        return one("answer-set", at=at, expected=canonical)
    display = value.get("display")
    system = value.get("system")
    if type(display) is not str or type(system) is not str:
        return []
    if compiler.terms.is_display(system, value["code"], display):
        return []
    severity = ERROR if is_latin(display) else WARNING
    return one("valid-display", severity, at=at + ".display", expected=system)


def _chosen(value: Any, option: Any) -> bool:
    if type(value) is dict and type(option) is dict and "code" in option:
        return (value.get("system"), value.get("code")) == (option.get("system"), option["code"])
    if type(value) is dict and type(option) is dict and "reference" in option:
        return bool(value.get("reference") == option["reference"])
    return same(value, option)


def _text(question: Json, value: str, at: str) -> list[Finding]:
    most, least = question.get("maxLength"), _first(question, CORE + "minLength")
    found: list[Finding] = []
    if type(most) is int and len(value) > most:
        found += one("answer-long", at=at, expected=most)
    if type(least) is int and len(value) < least:
        found += one("answer-short", at=at, expected=least)
    return found


def _range(question: Json, value: Any, at: str) -> list[Finding]:
    low = _first(question, CORE + "minValue", SDC + "sdc-questionnaire-minQuantity")
    high = _first(question, CORE + "maxValue", SDC + "sdc-questionnaire-maxQuantity")
    found: list[Finding] = []
    for bound, code, sign in ((low, "answer-low", -1), (high, "answer-high", 1)):
        if bound is None:
            continue
        shown = (
            bound if type(bound) is not dict else f"{bound.get('value')} {bound.get('unit', '')}"
        )
        order = _order(value, bound)
        if order is None:
            if type(value) is dict:
                found += one("answer-incomparable", at=at, expected=shown)
            elif type(value) is str and len(value) > len(str(bound)) and sign > 0:
                # 2022-06-30 is later than the 2022-06 that is allowed as the last moment.
                found += one(code, at=at, expected=shown)
        elif order * sign > 0:
            found += one(code, at=at, expected=shown)
    places = _first(question, CORE + "maxDecimalPlaces")
    if type(places) is int and isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            found += one("answer-places", at=at, expected=places)
    return found


def _order(value: Any, bound: Any) -> int | None:
    if type(value) is dict and type(bound) is dict:
        if "code" not in value or "code" not in bound:
            return None
        left, right = quantity_of(value), quantity_of(bound)
        if left is None or right is None:
            return None
        a, b = parse_unit(str(value["code"])), parse_unit(str(bound["code"]))
        if a.dimensions != b.dimensions:
            return None
        x, y = Decimal(str(value["value"])) * a.factor, Decimal(str(bound["value"])) * b.factor
        return (x > y) - (x < y)
    return compare(value, bound)


def _unit(compiler: Compiler, question: Json, value: Json, at: str) -> list[Finding]:
    options = [o for o in _all(question, CORE + "questionnaire-unitOption") if type(o) is dict]
    own = (value.get("system"), value.get("code"))
    if options and own not in [(o.get("system"), o.get("code")) for o in options]:
        shown = " ".join(str(o.get("code")) for o in options)
        return one("answer-unit", at=at, expected=shown)
    canonical = _first(question, CORE + "questionnaire-unitValueSet")
    member = compiler.terms.member(canonical) if type(canonical) is str else None
    if member is None:
        return []
    if type(own[1]) is not str or member(own[0] or "", own[1]) is False:
        return one("answer-unit", at=at, expected=canonical)
    return []


def _attachment(question: Json, value: Json, at: str) -> list[Finding]:
    found: list[Finding] = []
    most = _first(question, CORE + "maxSize")
    data, size = value.get("data"), value.get("size")
    if type(data) is str:
        size = decoded_size(data)
    if type(most) in (int, Decimal, float) and type(size) is int and size > most:
        found += one("answer-size", at=at, expected=most)
    kinds = [k for k in _all(question, CORE + "mimeType") if type(k) is str]
    if kinds and value.get("contentType") not in kinds:
        found += one("answer-mime", at=at, expected=" ".join(kinds))
    return found


def _reference(compiler: Compiler, question: Json, value: Json, at: str, run: Run) -> list[Finding]:
    allowed = [k for k in _all(question, CORE + "questionnaire-referenceResource") if k]
    text = value.get("reference")
    match = _LAST_TYPE(text) if type(text) is str else None
    if match is not None and not compiler.definitions.is_resource(match[1]):
        return one("answer-target", at=at, expected=" ".join(allowed) or "a resource type of R4")
    found = target_type(value, run, compiler.definitions.is_resource)
    if allowed and found is not None and found not in allowed:
        return one("answer-target", at=at, expected=" ".join(map(str, allowed)))
    return []
