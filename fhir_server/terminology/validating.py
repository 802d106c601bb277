"""Is a code right: in a code system, in a value set, with this display?

A value set is not expanded for it. A code that cannot be judged, for its code system is not here,
is an error; one that is missing from a mere part of a code system counts as right, with a hint.

Spec: http://hl7.org/fhir/R4/valueset-operation-validate-code.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..errors import FhirError, Issue, define
from ..model.text import fold
from .expansion import MAX_CODES, MAX_NESTING, Versions
from .grammars import GRAMMARS
from .service import Terminology
from .systems import Concept, System, satisfies

Json: TypeAlias = dict[str, Any]

define(
    "term-not-in-set", "code-invalid", 200,
    "代码不在该值集中", "the code is not in the value set",
)  # fmt: skip
define(
    "term-not-in-system", "code-invalid", 200,
    "代码系统 {expected} 中没有此代码", "the code system {expected} has no such code",
)  # fmt: skip
define(
    "term-fragment", "code-invalid", 200,
    "本服务器只有代码系统 {expected} 的一部分，其中没有此代码；代码可能有效",
    "this server has only a part of the code system {expected}, without this code; it may be valid",
)  # fmt: skip
define(
    "term-system-unknown", "not-found", 200,
    "值集列有此代码；本服务器没有代码系统 {expected}，未再核对",
    "the value set lists the code; the code system {expected} is not here to check it against",
)  # fmt: skip
define(
    "term-display", "invalid", 200,
    "名称与代码不符，应为：{expected}", "the display does not fit the code; expected: {expected}",
)  # fmt: skip
define(
    "term-abstract", "business-rule", 200,
    "该代码是抽象的分类概念，不能用于记录",
    "the code is abstract: it groups others and is not for records",
)  # fmt: skip
define(
    "term-inactive", "business-rule", 200,
    "该代码已停用", "the code is no longer active",
)  # fmt: skip
define(
    "term-no-code", "required", 200,
    "没有可判断的代码", "there is no code to judge",
)  # fmt: skip
define(
    "term-other-system", "code-invalid", 200,
    "代码不属于代码系统 {expected}", "the code is not of the code system {expected}",
)  # fmt: skip


@dataclass(slots=True)
class Verdict:
    """`display` is the right one; `said` are errors and hints."""

    result: bool
    display: str = ""
    said: list[Issue] = field(default_factory=list)

    @property
    def message(self) -> str:
        return "; ".join(f"{i.text('zh')} / {i.text('en')}" for i in self.said)


@dataclass(frozen=True, slots=True)
class Asked:
    """`abstract` None: nobody said whether abstract codes will do. `language` of the display."""

    abstract: bool | None = None
    language: str = ""
    versions: Versions = field(default_factory=Versions)
    on: str = ""


@dataclass(slots=True)
class _Found:
    """What membership has brought to light."""

    concept: Concept | None = None
    display: str = ""
    listed: bool = False
    unknown: str = ""  # a code system that is not here
    fragment: str = ""  # one that is here in part, without the code

    def take(self, other: _Found) -> None:
        """What has come to light in an imported value set, where nothing is known yet."""
        self.concept = self.concept or other.concept
        self.display = self.display or other.display
        self.listed = self.listed or other.listed
        self.unknown = self.unknown or other.unknown
        self.fragment = self.fragment or other.fragment


class Checker:
    """Judges codes. Errors of each method: code-system-unknown, terminology-*."""

    def __init__(self, terminology: Terminology, asked: Asked) -> None:
        self._terminology, self._asked = terminology, asked
        # Of the code that is being judged: value sets may be imported along many ways.
        self._answers: dict[str, tuple[bool | None, _Found]] = {}

    async def in_system(self, system: System | None, url: str, coding: Json) -> Verdict:
        """Of a code of a code system; None where only its grammar may be known."""
        code = str(coding.get("code", ""))
        if system is None:
            grammar = GRAMMARS.get(url)
            if grammar is None:
                raise FhirError("code-system-unknown", "url")
            right = grammar(code)
            return Verdict(right, said=[] if right else [_wrong(url)])
        concept = system.get(code)
        if concept is not None:
            return self._details(system, concept, coding)
        if system.complete:
            return Verdict(False, said=[_wrong(url)])
        if not len(system):
            raise FhirError("code-system-unknown", "url")
        return Verdict(True, said=[Issue("term-fragment", "", {"expected": url})])

    async def in_set(self, value_set: Json, coding: Json) -> Verdict:
        found = _Found()
        self._answers = {value_set.get("url", ""): (False, _Found())}
        url, code = str(coding.get("system", "")), str(coding.get("code", ""))
        member = await self._member(value_set, url, code, coding.get("version", ""), found, 0)
        if member is False:
            return await self._outside(url, coding)
        if member is None:
            if found.fragment:
                raise FhirError("terminology-incomplete", "valueSet", expected=found.fragment)
            raise FhirError("code-system-unknown", "system")
        if found.concept is not None:
            system = await self._system(url, coding.get("version", ""))
            return self._details(system, found.concept, coding, found.display)
        said = []
        if found.fragment:
            said.append(Issue("term-fragment", "", {"expected": found.fragment}))
        elif found.unknown:
            said.append(Issue("term-system-unknown", "", {"expected": found.unknown}))
        verdict = Verdict(True, found.display, said)
        if found.display and not _same(coding.get("display"), [found.display]):
            verdict.result = False
            verdict.said.insert(0, Issue("term-display", "", {"expected": found.display}))
        return verdict

    async def _outside(self, url: str, coding: Json) -> Verdict:
        """Not in the value set; perhaps not even in its code system."""
        said = [Issue("term-not-in-set")]
        system = await self._system(url, "")
        concept = system.get(str(coding.get("code", ""))) if system is not None else None
        if system is not None and system.complete and concept is None:
            said.append(_wrong(url))
        display = display_of(system, concept, self._asked.language) if concept else ""
        return Verdict(False, display, said)

    def _details(
        self, system: System | None, concept: Concept, coding: Json, own: str = ""
    ) -> Verdict:
        """Abstract, inactive, and the display. `own`: that of the value set."""
        asked = self._asked
        display = own or display_of(system, concept, asked.language)
        verdict = Verdict(True, display)
        texts = [t for t in (own, *concept.texts) if t]
        if texts and not _same(coding.get("display"), texts):
            verdict.result = False
            verdict.said.append(Issue("term-display", "", {"expected": display}))
        if concept.abstract and asked.abstract is not True:
            verdict.result = verdict.result and asked.abstract is None
            verdict.said.append(Issue("term-abstract"))
        if concept.inactive:
            verdict.said.append(Issue("term-inactive"))
        return verdict

    async def _system(self, url: str, version: str) -> System | None:
        picked = self._asked.versions.pick(url, version)
        return await self._terminology.code_system(url, picked, self._asked.on)

    async def _member(
        self, value_set: Json, url: str, code: str, version: str, found: _Found, depth: int
    ) -> bool | None:
        if depth > MAX_NESTING:
            raise FhirError("terminology-too-costly", limit=MAX_CODES)
        compose = value_set.get("compose")
        if not compose:
            return _stated(value_set, url, code, found)
        coding = (url, code, version)
        answer: bool | None = False
        for include in compose.get("include", ()):
            one = await self._include(include, coding, found, depth)
            if one is not False:
                answer = one
            if one:
                break
        if answer is False:
            return False
        for exclude in compose.get("exclude", ()):
            refused = await self._include(exclude, coding, _Found(), depth)
            if refused is not False:
                return False if refused else None
        concept = found.concept
        if answer and compose.get("inactive") is False and concept is not None and concept.inactive:
            return False
        return answer

    async def _include(
        self, include: Json, coding: tuple[str, str, str], found: _Found, depth: int
    ) -> bool | None:
        url, code, version = coding
        own: bool | None = True
        if "system" in include:
            if include["system"] != url:
                return False
            own = await self._of_system(include, url, code, version, found)
        urls: Sequence[str] = include.get("valueSet", ())
        if own is False or not urls:
            return own
        imported: bool | None = False
        for each in urls:
            one = await self._imported(each, coding, found, depth)
            imported = True if one else imported if one is False else (imported or None)
            if one:
                break
        if imported is False:
            return False
        return own if imported else None

    async def _imported(
        self, canonical: str, coding: tuple[str, str, str], found: _Found, depth: int
    ) -> bool | None:
        """Is the code in a value set that another one names? A cycle adds nothing."""
        if canonical not in self._answers:
            inner = _Found()
            self._answers[canonical] = (False, inner)
            value_set = await self._terminology.value_set(canonical, self._asked.on)
            answer = await self._member(value_set, *coding, inner, depth + 1)
            self._answers[canonical] = (answer, inner)
        answer, inner = self._answers[canonical]
        if answer is not False:
            found.take(inner)
        return answer

    async def _of_system(
        self, include: Json, url: str, code: str, version: str, found: _Found
    ) -> bool | None:
        stated = include.get("version", "")
        if version and stated and version != stated:
            return False
        system = await self._system(url, stated or version)
        concept = system.get(code) if system is not None else None
        listed = include.get("concept")
        if listed:
            wanted = {code, concept.code} if concept is not None else {code}
            row = next((c for c in listed if c.get("code") in wanted), None)
            if row is None:
                return False
            found.concept, found.listed = concept, True
            found.display = row.get("display", "")
            if concept is None and (system is None or not system.complete):
                found.unknown = url
            return True
        filters = include.get("filter", ())
        if system is None or (concept is None and not system.complete):
            return _undecided(system, url, code, bool(filters), found)
        if concept is None:
            return False
        found.concept = concept
        return all(
            satisfies(
                system, concept, (f.get("property", ""), f.get("op", ""), str(f.get("value", "")))
            )
            for f in filters
        )


def _undecided(
    system: System | None, url: str, code: str, filtered: bool, found: _Found
) -> bool | None:
    """A code of a system that is not here, or here without it. None: nothing can be said."""
    grammar = GRAMMARS.get(url)
    if grammar is not None and not filtered:
        return grammar(code)
    if system is None or not len(system):
        found.unknown = url
        return None
    found.fragment = url
    return None if filtered else True


def _stated(value_set: Json, url: str, code: str, found: _Found) -> bool:
    """By the expansion that the resource carries."""
    waiting = list(value_set.get("expansion", {}).get("contains", ()))
    while waiting:
        row = waiting.pop()
        waiting += row.get("contains", ())
        if (row.get("system"), row.get("code")) == (url, code) and not row.get("abstract"):
            found.display = row.get("display", "")
            return True
    return False


def _wrong(url: str) -> Issue:
    return Issue("term-not-in-system", "", {"expected": url})


def _same(display: Any, texts: Sequence[str]) -> bool:
    """No display is a right one, too. Spec: terminologies.html, "case does not matter"."""
    if not isinstance(display, str) or not display:
        return True
    wanted = fold(display)
    return any(fold(text) == wanted for text in texts)


def speaks(stated: Any, language: str) -> bool:
    """Is a language the one that is asked for? `zh` also means zh-CN, and zh-CN will do for zh."""
    one, other = str(stated or "").lower(), language.lower()
    if not one or not other:
        return False
    return one == other or one.startswith(other + "-") or other.startswith(one + "-")


def in_language(
    display: str, designations: Sequence[Json], own_language: Any, language: str
) -> str:
    """The display in a language, where there is one; otherwise the display as it is."""
    if not language or speaks(own_language, language):
        return display
    for wanted in [w.split(";")[0].strip() for w in language.split(",")]:
        for each in designations:
            if speaks(each.get("language"), wanted) and each.get("value"):
                return str(each["value"])
    return display


def display_of(system: System | None, concept: Concept, language: str) -> str:
    own = system.header.get("language") if system is not None else None
    return in_language(concept.display, concept.designations, own, language)
