"""Is a code in a value set? Answered by the composition itself, so that no set need be listed.

Three answers: yes, no, and None where a code system is not at hand that would decide it.

Spec: http://hl7.org/fhir/R4/valueset.html#compositions
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from ..errors import FhirError
from ..terminology.concepts import CodeSystem
from ..terminology.grammars import GRAMMARS
from ..terminology.systems import Filter, FindSystem, System, satisfies

Json: TypeAlias = dict[str, Any]
# (system, or None for a bare code; code) → in the set?
Member: TypeAlias = Callable[[str | None, str], bool | None]
# kind, canonical url, version → the resource
Find: TypeAlias = Callable[[str, str, str], Json | None]

MAX_NESTING = 20
MAX_KNOWN = 10_000  # codes of one filter that stay judged


class Terms:
    """Value sets and code systems for one validator; what was read stays read.

    Shape of `find`: (kind, url, version) to the resource or None. `loaded`: large code systems,
    which come and go while this process runs; they are asked anew each time.
    """

    def __init__(self, find: Find, loaded: FindSystem | None = None) -> None:
        self._find, self._loaded = find, loaded
        self._members: dict[str, Member | None] = {}
        # Of the code that is being judged, by value set; and how deep in value sets it is.
        self._answers: dict[tuple[str, str | None, str], bool | None] = {}
        self._depth = 0
        self._systems: dict[tuple[str, str], CodeSystem | None] = {}

    def forget(self) -> None:
        """After new value sets or code systems have come."""
        self._members.clear()
        self._systems.clear()

    def member(self, canonical: str) -> Member | None:
        """The test of one value set; None where it is not known here."""
        if canonical not in self._members:
            self._members[canonical] = self._compile(canonical)
        return self._members[canonical]

    def _imported(self, canonical: str) -> Member:
        """The test of a value set that another one names. It may be named along many ways, and may
        name the other: each is asked once about a code, and a cycle adds nothing.
        """

        def member(system: str | None, code: str) -> bool | None:
            outermost, answers = not self._depth, self._answers
            key = (canonical, system, code)
            if key in answers:
                return answers[key]
            if self._depth > MAX_NESTING:
                return None
            self._depth += 1
            try:
                answers[key] = False
                test = self.member(canonical)
                answers[key] = None if test is None else test(system, code)
                return answers[key]
            finally:
                self._depth -= 1
                if outermost:
                    answers.clear()

        return member

    def system(self, url: str, version: str = "") -> System | None:
        if self._loaded is not None:
            # A file that cannot be read is no reason to refuse what is validated.
            with suppress(FhirError):
                loaded = self._loaded(url, version)
                if loaded is not None:
                    return loaded
        key = (url, version)
        if key not in self._systems:
            found = self._find("CodeSystem", url, version)
            self._systems[key] = None if found is None else CodeSystem(found)
        return self._systems[key]

    def is_code(self, system: str, code: str) -> bool | None:
        """Is it a code of this system? None where the system is not here, or not as a whole."""
        grammar = GRAMMARS.get(system)
        if grammar is not None:
            return grammar(code)
        found = self.system(system)
        if found is None:
            return None
        if found.get(code) is not None:
            return True
        return False if found.complete else None

    def is_display(self, system: str, code: str, display: str) -> bool:
        """One of the displays of a code; true where none is known."""
        found = self.system(system)
        concept = found.get(code) if found is not None else None
        if concept is None or not concept.display:
            return True
        others = [d.get("value", "") for d in concept.raw.get("designation", ())]
        wanted = " ".join(display.lower().split())
        return any(" ".join(d.lower().split()) == wanted for d in (concept.display, *others))

    def _compile(self, canonical: str) -> Member | None:
        url, _, version = canonical.partition("|")
        found = self._find("ValueSet", url, version) or self._find("ValueSet", url, "")
        if found is None:
            return None
        compose = found.get("compose")
        if not isinstance(compose, dict) or not compose.get("include"):
            return _listed(found.get("expansion", {}).get("contains", ()))
        inside = [self._include(each) for each in compose["include"]]
        outside = [self._include(each) for each in compose.get("exclude", ())]

        def member(system: str | None, code: str) -> bool | None:
            answer = _any(inside, system, code)
            if answer is False:
                return False
            refused = _any(outside, system, code)
            return answer if refused is False else (None if refused is None else False)

        return member

    def _include(self, include: Json) -> Member:
        parts: list[Member] = []
        urls = [u for u in include.get("valueSet", ()) if isinstance(u, str)]
        if urls:
            tests = [self._imported(url) for url in urls]
            parts.append(lambda s, c: _any(tests, s, c))
        if isinstance(include.get("system"), str):
            parts.append(self._of_system(include))
        if not parts:
            return _unknown
        if len(parts) == 1:
            return parts[0]
        return lambda s, c: _all(parts, s, c)

    def _of_system(self, include: Json) -> Member:
        url, version = include["system"], include.get("version", "")
        if include.get("concept"):
            codes = frozenset(c.get("code") for c in include["concept"])
            return lambda s, c: (s is None or s == url) and c in codes
        filters = include.get("filter", ())
        if not filters:
            return lambda s, c: self._whole(url, s, c)
        wanted = [
            (each.get("property", ""), each.get("op", ""), str(each.get("value", "")))
            for each in filters
        ]
        known: dict[str, bool | None] = {}
        held: list[System | None] = [None]

        def member(system: str | None, code: str) -> bool | None:
            if system is not None and system != url:
                return False
            found = self.system(url, version) or self.system(url)
            if found is not held[0] or len(known) > MAX_KNOWN:
                known.clear()
                held[0] = found
            if code not in known:
                known[code] = _judged(found, code, wanted)
            return known[code]

        return member

    def _whole(self, url: str, system: str | None, code: str) -> bool | None:
        if system is not None and system != url:
            return False
        found = self.is_code(url, code)
        # A code of the right system counts where the system is not here: its own check says so.
        return True if found is None and system is not None else found


def _judged(system: System | None, code: str, wanted: Sequence[Filter]) -> bool | None:
    """Does a code of a system satisfy all filters?"""
    if system is None:
        return None
    concept = system.get(code)
    if concept is None:
        return False if system.complete else None
    try:
        return all(satisfies(system, concept, each) for each in wanted)
    except FhirError:
        return None


def _unknown(system: str | None, code: str) -> bool | None:
    return None


def _any(tests: list[Member], system: str | None, code: str) -> bool | None:
    answer: bool | None = False
    for test in tests:
        found = test(system, code)
        if found:
            return True
        if found is None:
            answer = None
    return answer


def _all(tests: list[Member], system: str | None, code: str) -> bool | None:
    answer: bool | None = True
    for test in tests:
        found = test(system, code)
        if found is False:
            return False
        if found is None:
            answer = None
    return answer


def _listed(rows: Any) -> Member | None:
    """An expansion that came without a composition."""
    codes: set[tuple[Any, Any]] = set()
    waiting = list(rows)
    while waiting:
        row = waiting.pop()
        waiting += row.get("contains", ())
        if not row.get("abstract"):
            codes.add((row.get("system"), row.get("code")))
    if not codes:
        return None
    bare = {code for _, code in codes}
    return lambda s, c: c in bare if s is None else (s, c) in codes
