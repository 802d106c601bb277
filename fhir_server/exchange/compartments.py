"""The resources of a compartment, in pages that stay stable while others write.

Spec: http://hl7.org/fhir/R4/compartmentdefinition.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from ..definitions import Definitions
from ..errors import FhirError
from ..model.references import Target
from ..model.text import from_link, to_link
from ..storage.base import Stored
from ..storage.plan import AnyOf, Clause, Cursor, Match, Plan, Test
from .call import Service
from .care import Scope
from .graph import forward
from .searching import key

MAX_SUPPORTING = 5000  # of one page
# R4 forgot the Task, whose `for` is a patient; R5 has it in these compartments.
MORE = {"Patient": {"Task": ("patient",)}, "Encounter": {"Task": ("encounter",)}}
PROBE = 1000  # a compartment of fewer resources is looked over at once


@dataclass
class Part:
    """One page: `after` is where the next begins, None at the end."""

    matches: list[Stored] = field(default_factory=list)
    after: list[Any] | None = None


def parameters_of(service: Service, compartment: str) -> Mapping[str, tuple[str, ...]]:
    """The reference parameters that put a type into the compartment. `{def}` is the focus."""
    return _parameters(service.definitions, compartment)


@lru_cache(64)
def _parameters(definitions: Definitions, compartment: str) -> Mapping[str, tuple[str, ...]]:
    rows = definitions.compartments[compartment]
    out = {t: tuple(c for c in codes if c != "{def}") for t, codes in rows.items()}
    out.update(MORE.get(compartment, {}))
    return MappingProxyType({t: codes for t, codes in sorted(out.items()) if codes})


def in_record(service: Service, resource_type: str) -> bool:
    """Does the type belong to a patient's record? Organizations, medications … do not."""
    return (
        resource_type in service.definitions.compartments["Patient"]
        or resource_type in MORE["Patient"]
    )


async def compartment_page(
    service: Service, focus: Stored, scope: Scope, limit: int, after: list[Any] | None
) -> Part:
    """The focus, then its compartment by type. Shape of `after`: [type, *the store's cursor]."""
    ways = parameters_of(service, focus.resource_type)
    ways = {t: codes for t, codes in ways.items() if scope.has(t)}
    part = Part()
    if after is None:
        part.matches += scope.keep(service, [focus], care=False)
    probe = await service.store.pointers(ways, [key(focus)], limit=PROBE)
    if len(probe) < PROBE:
        if after is None and not scope.dated and len(probe) + len(part.matches) <= limit:
            wanted = sorted(set(probe) - {key(focus)})
            found = {key(each): each for each in await service.store.many(wanted)}
            rest = [found[k] for k in wanted if k in found]
            part.matches += scope.keep(service, rest, care=False)
            return part
        present = {t for t, _ in probe}
        ways = {t: codes for t, codes in ways.items() if t in present}
    await _walk(service, focus, scope, limit, after, ways, part)
    return part


async def _walk(
    service: Service,
    focus: Stored,
    scope: Scope,
    limit: int,
    after: list[Any] | None,
    ways: dict[str, tuple[str, ...]],
    part: Part,
) -> None:
    here = (Test("id", "=", focus.id), Test("url", "=", ""), Test("type", "=", focus.resource_type))
    began = str(after[0]) if after else ""
    for resource_type, codes in ways.items():
        if resource_type < began:
            continue
        at = cursor_of(after[1:]) if after and resource_type == began else None
        room = limit - len(part.matches)
        if room <= 0:
            part.after = [resource_type, *(at or ())]
            return
        points: list[Clause] = [Match(code, "reference", (here,)) for code in codes]
        inside = points[0] if len(points) == 1 else AnyOf(tuple((each,) for each in points))
        where = (inside, *scope.clauses(resource_type))
        page = await service.store.search(Plan(resource_type, where, limit=room, after=at))
        part.matches += [each for each in page.matches if key(each) != key(focus)]
        if page.after is not None:
            part.after = [resource_type, *page.after]
            return


async def supporting(
    service: Service, focus: Stored, shown: list[Stored], scope: Scope, base: str
) -> list[Stored]:
    """Whom and what the shown resources refer to outside of any patient's record; of an
    Encounter also its patient and all that it names itself. Errors: search-too-costly."""
    of_encounter = focus.resource_type == "Encounter"

    def accept(owner: Stored, target: Target) -> bool:
        if of_encounter and (owner is focus or target.type == "Patient"):
            return True
        return not in_record(service, target.type)

    # The way to a supporting resource may lead through one of a type that is not asked for.
    found = await forward(service, shown, accept, base=base, limit=MAX_SUPPORTING)
    return scope.keep(service, found, care=False)


def write_mark(mark: list[Any]) -> str:
    """A place between two pages as the text of a link."""
    return to_link(msgspec.json.encode(mark))


def read_mark(text: str | None) -> list[Any] | None:
    """Errors: search-page."""
    if not text:
        return None
    try:
        found = msgspec.json.decode(from_link(text), type=list[Any])
    except (ValueError, msgspec.DecodeError):
        raise FhirError("search-page", "_cursor") from None
    if not found or not isinstance(found[0], str):
        raise FhirError("search-page", "_cursor")
    return found


def cursor_of(parts: list[Any]) -> Cursor | None:
    """The cursor of a plan without a sort, None at the beginning. Errors: search-page."""
    if not parts:
        return None
    if len(parts) != 1 or not isinstance(parts[0], str | int):
        raise FhirError("search-page", "_cursor")
    return (parts[0],)
