"""Codes of one code system as those of another, by ConceptMaps, in both directions.

Spec: http://hl7.org/fhir/R4/conceptmap.html, http://hl7.org/fhir/R4/conceptmap-operation-translate.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
FindMap: TypeAlias = Callable[[str], Awaitable[Json | None]]

# What an equivalence says of the target, said of the source.
REVERSED = {
    "wider": "narrower",
    "narrower": "wider",
    "subsumes": "specializes",
    "specializes": "subsumes",
}
NO_MATCH = frozenset({"unmatched", "disjoint"})
MAX_MAPS = 8  # maps that name each other for what they do not know


@dataclass(frozen=True, slots=True)
class Match:
    """One translation. `concept` is None where the map says that there is none."""

    equivalence: str
    concept: Json | None
    source: str
    products: tuple[Json, ...] = ()

    @property
    def found(self) -> bool:
        return self.concept is not None and self.equivalence not in NO_MATCH


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be translated. `target_system` "": any; `dependencies`: element uri to codings."""

    system: str
    code: str
    version: str = ""
    target_system: str = ""
    dependencies: dict[str, list[Json]] = field(default_factory=dict, hash=False)


@dataclass(slots=True)
class Translation:
    """`unmet`: elements on which a match depends and that were not given, or not so."""

    matches: list[Match] = field(default_factory=list)
    unmet: dict[str, None] = field(default_factory=dict)
    followed: set[tuple[str, Wish]] = field(default_factory=set)


async def translate(
    concept_map: Json, wish: Wish, find: FindMap, out: Translation, depth: int = 0
) -> None:
    """Add what one map says. `find`: the map that a group names for what it does not know."""
    url = _canonical(concept_map)
    for group in concept_map.get("group", ()):
        if not _leads(group, wish):
            continue
        found = [e for e in group.get("element", ()) if e.get("code") == wish.code]
        if found:
            for element in found:
                out.matches += _targets(group, element, wish, url, out)
        elif "unmapped" in group:
            await _unmapped(group, wish, url, find, out, depth)


def translate_back(concept_map: Json, wish: Wish, out: Translation) -> None:
    """What one map says of the codes that lead to this one.

    Shape: `wish.system` is the target's of the map, `wish.target_system` its source's.
    """
    url = _canonical(concept_map)
    for group in concept_map.get("group", ()):
        if group.get("target") != wish.system or not _fits(group.get("targetVersion"), wish):
            continue
        if wish.target_system and group.get("source") != wish.target_system:
            continue
        for element in group.get("element", ()):
            for target in element.get("target", ()):
                if target.get("code") != wish.code or not _met(target, wish, out):
                    continue
                stated = target.get("equivalence", "relatedto")
                concept = _concept(
                    group.get("source"), group.get("sourceVersion"), element.get("code"),
                    element.get("display"),
                )  # fmt: skip
                out.matches.append(Match(REVERSED.get(stated, stated), concept, url))


def _leads(group: Json, wish: Wish) -> bool:
    if group.get("source", wish.system) != wish.system or not _fits(
        group.get("sourceVersion"), wish
    ):
        return False
    return not wish.target_system or group.get("target") == wish.target_system


def _fits(stated: Any, wish: Wish) -> bool:
    return not wish.version or not stated or stated == wish.version


def _targets(group: Json, element: Json, wish: Wish, url: str, out: Translation) -> Iterator[Match]:
    targets: Sequence[Json] = element.get("target", ())
    if not targets:
        yield Match("unmatched", None, url)
    for target in targets:
        if not _met(target, wish, out):
            continue
        concept = None
        if "code" in target:
            concept = _concept(
                group.get("target"), group.get("targetVersion"), target["code"],
                target.get("display"),
            )  # fmt: skip
        products = tuple(
            {
                "property": p.get("property"),
                "concept": _concept(p.get("system"), None, p.get("value"), p.get("display")),
            }
            for p in target.get("product", ())
        )
        yield Match(target.get("equivalence", "relatedto"), concept, url, products)


def _met(target: Json, wish: Wish, out: Translation) -> bool:
    """Is all given that a match depends on?"""
    for each in target.get("dependsOn", ()):
        name = str(each.get("property", ""))
        given = wish.dependencies.get(name, [])
        wanted, system = each.get("value"), each.get("system")
        if not any(
            c.get("code", c.get("text")) == wanted and (not system or c.get("system") == system)
            for c in given
        ):
            out.unmet[name] = None
            return False
    return True


async def _unmapped(
    group: Json, wish: Wish, url: str, find: FindMap, out: Translation, depth: int
) -> None:
    """Spec: http://hl7.org/fhir/R4/valueset-conceptmap-unmapped-mode.html"""
    unmapped = group["unmapped"]
    mode = unmapped.get("mode")
    target = (group.get("target"), group.get("targetVersion"))
    if mode == "provided":
        out.matches.append(Match("equal", _concept(*target, wish.code, None), url))
    elif mode == "fixed":
        concept = _concept(*target, unmapped.get("code"), unmapped.get("display"))
        out.matches.append(Match("inexact", concept, url))
    elif mode == "other-map" and depth < MAX_MAPS:
        key = (str(unmapped.get("url", "")), wish)
        if key in out.followed:
            return
        out.followed.add(key)
        other = await find(key[0])
        if other is not None:
            await translate(other, wish, find, out, depth + 1)


def _concept(system: Any, version: Any, code: Any, display: Any) -> Json:
    rows = (("system", system), ("version", version), ("code", code), ("display", display))
    return {name: value for name, value in rows if value}


def _canonical(concept_map: Json) -> str:
    url, version = concept_map.get("url", ""), concept_map.get("version")
    return f"{url}|{version}" if url and version else str(url)
