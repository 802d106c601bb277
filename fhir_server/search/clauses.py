"""One `name=value` pair of a search as a clause. Spec: http://hl7.org/fhir/R4/search.html"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

from ..definitions import Definitions
from ..errors import FhirError
from ..model.ids import is_id
from ..storage.plan import AnyOf, Clause, Ids, Match, Test, Updated
from . import filtering, hierarchy
from .chains import chain, has
from .limits import MAX_VALUES, Budget, over
from .parameters import OWN, SPECIAL, Parameter, Registry, Searched
from .special import membership, near, search_text
from .terms import Related, Terms, ValueSetCodes
from .text import Tests, split, unescape
from .values import COMPILERS, coded_tests, pinyin_tests, reference_tests, updated_tests

RESULT = ("_count", "_include", "_revinclude", "_sort", "_summary", "_total", "_type")
MODIFIERS: dict[str, tuple[str, ...]] = {
    "token": ("text", "not", "above", "below", "in", "not-in", "of-type", "missing"),
    "string": ("exact", "contains", "pinyin", "missing"),
    "uri": ("above", "below", "missing"),
    "reference": ("identifier", "above", "below", "missing"),  # and the types it may point to
    "date": ("missing",),
    "number": ("missing",),
    "quantity": ("missing",),
    "composite": ("missing",),
    "position": ("missing",),
}
CODED = frozenset({"Coding", "CodeableConcept", "Identifier"})
_NAME = re.compile(r"([A-Za-z_][\w\-]*)(?::([\w\-]+))?(?:\.(.+))?").fullmatch
# What an answer may repeat: the name of a parameter, not what was typed into its place.
_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_\-:.$]{0,99}").fullmatch


def modifiers(parameter: Parameter) -> tuple[str, ...]:
    """Those that make sense for the elements of this parameter, without the types of targets."""
    known = MODIFIERS[parameter.kind]
    types = frozenset(parameter.types)
    if parameter.kind == "token" and types:
        if not types & CODED:
            known = tuple(m for m in known if m != "text")
        if "Identifier" not in types:
            known = tuple(m for m in known if m != "of-type")
    if parameter.kind == "string" and not parameter.pinyin:
        known = tuple(m for m in known if m != "pinyin")
    if parameter.kind == "reference" and not hierarchy.types(parameter):
        known = tuple(m for m in known if m not in ("above", "below"))
    return known


class Clauses:
    """Compiles the pairs of one search."""

    def __init__(
        self, definitions: Definitions, registry: Registry, base_url: str, terms: Terms
    ) -> None:
        self.definitions = definitions
        self.registry = registry
        self.base_url = base_url
        self.terms = terms
        self.budget = Budget()

    def clause(self, resource_type: str, name: str, text: str, depth: int = 0) -> Clause:
        """The values of a comma list are alternatives.

        Errors: search-unknown, search-modifier, search-value, search-prefix, search-chain,
        search-has, search-filter, search-limit; TermsNeeded.
        """
        if name.startswith("_has:"):
            return has(self, resource_type, name, text, depth)
        parsed = _NAME(name)
        if parsed is None:
            raise self.unknown(resource_type, name)
        code, modifier, chained = parsed[1], parsed[2] or "", parsed[3] or ""
        values = split(text, ",")
        if len(values) > MAX_VALUES:
            raise over("values", MAX_VALUES, code)
        if code in OWN or code in SPECIAL:
            return self._common(resource_type, code, modifier, chained, text, values)
        parameter = self.parameter(resource_type, code)
        if chained:
            return chain(self, parameter, modifier, chained, text, depth)
        return self.match(parameter, modifier, values)

    def parameter(self, resource_type: str, code: str) -> Parameter:
        """Errors: search-unknown, search-pending."""
        found = self.registry.of(resource_type).get(code)
        if found is None:
            raise self.unknown(resource_type, code)
        return found

    def known(self, resource_type: str, name: str) -> None:
        """A parameter without a value restricts nothing, but must exist. Errors: search-unknown."""
        parsed = _NAME(name)
        code = parsed[1] if parsed else name
        if code not in OWN and code not in SPECIAL and not name.startswith("_has:"):
            self.parameter(resource_type, code)

    def unknown(self, resource_type: str, at: str) -> FhirError:
        self.registry.check_waiting(resource_type, at)
        names = ", ".join([*self.registry.names(resource_type), *RESULT])
        where = at if _PART(at) else ""
        return FhirError("search-unknown", where, resource_type=resource_type, expected=names)

    def _common(
        self, resource_type: str, code: str, modifier: str, chained: str, text: str,
        values: list[str],
    ) -> Clause:  # fmt: skip
        """Parameters of every type that are no entries of the resource."""
        if chained:
            raise FhirError("search-chain", code)
        if modifier and not (code == "_id" and modifier == "not"):
            raise FhirError("search-modifier", code, expected="not" if code == "_id" else "-")
        if code == "_lastUpdated":
            return Updated(tuple(row for v in values for row in updated_tests(v)))
        if code == "_id":
            ids = tuple(unescape(v) for v in values)
            return Ids(tuple(i for i in ids if is_id(i)) or ("",), negate=modifier == "not")
        if code == "_filter":
            return filtering.clause_of(self, resource_type, text)
        if code in ("_text", "_content"):
            return either([search_text(code, v) for v in values])
        if code == "_has":
            raise FhirError("search-has", code)
        return either([membership(code, v) for v in values])

    def match(self, parameter: Parameter, modifier: str, values: list[str]) -> Clause:
        """Errors: search-modifier, search-value, search-prefix; TermsNeeded."""
        self._check_modifier(parameter, modifier)
        code, kind = parameter.code, parameter.kind
        if modifier == "missing":
            if values not in (["true"], ["false"]):
                raise FhirError("search-value", code, expected="true, false")
            return missing(parameter, values == ["true"])
        if not all(v.strip() for v in values):
            raise FhirError("search-value", code, expected=kind)
        if kind == "position":
            return either([near(code, v) for v in values])
        if kind == "reference" and modifier in ("above", "below"):
            return either([hierarchy.clause(self, parameter, modifier, v) for v in values])
        if modifier == "identifier":
            code, kind = f"{code}:identifier", "token"
            parameter = replace(parameter, kind=kind, systems=frozenset())
        elif modifier == "of-type":
            code = f"{code}:of-type"
        elif modifier == "text":
            code, kind = f"{code}:text", "string"
        elif modifier == "pinyin":
            kind = "pinyin"
        any_of = tuple(row for v in values for row in self.tests(parameter, modifier, v))
        parts = tuple(part.kind for part in parameter.parts)
        return Match(code, kind, any_of, modifier in ("not", "not-in"), parts)

    def _check_modifier(self, parameter: Parameter, modifier: str) -> None:
        if not modifier:
            return
        known = modifiers(parameter)
        if parameter.kind == "reference":
            known = (*known, *self.targets(parameter))
        if modifier not in known:
            raise FhirError("search-modifier", parameter.code, expected=" ".join(known))

    def tests(self, parameter: Parameter, modifier: str, value: str) -> Tests:
        """One value on one entry."""
        if parameter.parts:
            return self._composite(parameter, value)
        if modifier == "pinyin":
            return pinyin_tests(parameter, value)
        if parameter.kind == "token" and modifier in ("in", "not-in"):
            codes = self.terms.codes(ValueSetCodes(unescape(value)))
            return coded_tests(parameter, dict(codes))
        if parameter.kind == "token" and modifier in ("above", "below"):
            return self.related(parameter, modifier, value)
        return self._plain(parameter, modifier, value)

    def related(self, parameter: Searched, modifier: str, value: str) -> Tests:
        """`system|code` with what lies above or below it."""
        system, _, code = (unescape(p) for p in value.partition("|"))
        if not code and len(parameter.systems) == 1:
            system, code = next(iter(parameter.systems)), system
        if not system or not code:
            raise FhirError("search-value", parameter.code, expected="system|code")
        direction: Related = Related("above" if modifier == "above" else "below", system, code)
        return coded_tests(parameter, dict(self.terms.codes(direction)))

    def _plain(self, parameter: Searched, modifier: str, value: str) -> Tests:
        if parameter.kind == "reference":
            return reference_tests(parameter, modifier, value, self.base_url)
        return COMPILERS[parameter.kind](parameter, modifier, value)

    def _composite(self, parameter: Parameter, value: str) -> Tests:
        """`a$b`: every part on the same entry. Spec: search.html#composite"""
        values = split(value, "$")
        if len(values) != len(parameter.parts) or not all(v.strip() for v in values):
            expected = "$".join(part.code for part in parameter.parts)
            raise FhirError("search-value", parameter.code, expected=expected)
        choices = [
            [_of_part(place, row) for row in self._plain(part, "", v)]
            for place, (part, v) in enumerate(zip(parameter.parts, values, strict=True))
        ]
        return tuple(tuple(t for row in combined for t in row) for combined in product(*choices))

    def targets(self, parameter: Searched) -> tuple[str, ...]:
        return parameter.targets or self.definitions.resource_types


def _of_part(place: int, row: tuple[Test, ...]) -> tuple[Test, ...]:
    return tuple(Test(f"{place}.{t.field}", t.operator, t.value) for t in row)


def missing(parameter: Parameter, absent: bool) -> Clause:
    """`:missing`: an element without any entry of the plain kind may have one of another."""
    code = parameter.code
    kinds = [Match(code, parameter.kind, ((),), absent, tuple(p.kind for p in parameter.parts))]
    if parameter.kind == "reference":
        kinds.append(Match(f"{code}:identifier", "token", ((),), absent))
    elif parameter.kind == "token" and CODED & frozenset(parameter.types):
        kinds.append(Match(f"{code}:text", "string", ((),), absent))
    if len(kinds) == 1:
        return kinds[0]
    return AnyOf((tuple(kinds),)) if absent else AnyOf(tuple((k,) for k in kinds))


def either(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else AnyOf(tuple((c,) for c in clauses))
