"""Closure tables: which codes of a client lie below which others of it, kept up as it adds codes.

Spec: http://hl7.org/fhir/R4/terminology-service.html#closure
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeAlias

from ..errors import FhirError, define
from .systems import System

Json: TypeAlias = dict[str, Any]
Find: TypeAlias = Callable[[str, str], Awaitable[System | None]]

define(
    "closure-unknown", "not-found", 404,
    "没有此名称的闭包表；请先只用 name 调用一次，以建立它",
    "there is no closure table of this name: call with name alone first, which makes it",
)  # fmt: skip
define(
    "closure-version", "not-found", 422,
    "闭包表没有此版本；请重新建立（只用 name 调用）",
    "the closure table has no such version: make it anew by a call with name alone",
)  # fmt: skip
define(
    "closure-too-large", "too-costly", 422,
    "闭包表最多 {limit} 个代码", "a closure table holds at most {limit} codes",
)  # fmt: skip

MAX_CONCEPTS = 5000
MAX_ENTRIES = 100_000
# Of an entry: the code below, the one above (none where unmatched), the equivalence, and the
# version of the table in which it came. A code is (system, code).
Entry: TypeAlias = list[Any]


def empty(name: str, before: Json | None) -> Json:
    """A table without codes; its version goes on from that of the one before.

    A client that still has the older table is so told that its version is none of this one.
    """
    first = int(before["version"]) + 1 if before else 1
    return {"name": name, "first": first, "version": first, "concepts": [], "entries": []}


async def add(table: Json, codings: Iterable[Json], find: Find) -> tuple[Json, list[Entry]]:
    """The table with further codes, and the entries that are new. A code that is there already
    brings nothing. Unknown codes give an entry `unmatched`, and are not kept.

    Errors: code-system-unknown, closure-too-large.
    """
    held: dict[tuple[str, ...], None] = dict.fromkeys(map(tuple, table["concepts"]))
    version = table["version"] + 1
    new: list[Entry] = []
    unmatched: list[Entry] = []
    for coding in codings:
        url = str(coding.get("system", ""))
        system = await find(url, str(coding.get("version", "")))
        if system is None or not len(system):
            raise FhirError("code-system-unknown", "concept")
        concept = system.get(str(coding.get("code", "")))
        if concept is None:
            unmatched.append([url, coding.get("code", ""), "", "unmatched", version])
            continue
        key = (url, concept.code)
        if key in held:
            continue
        new += _against(system, key, held, version)
        held[key] = None
        if len(held) > MAX_CONCEPTS or len(table["entries"]) + len(new) > MAX_ENTRIES:
            raise FhirError("closure-too-large", limit=MAX_CONCEPTS)
    if len(held) == len(table["concepts"]):
        return table, unmatched
    changed = {
        **table,
        "version": version,
        "concepts": [list(each) for each in held],
        "entries": [*table["entries"], *new],
    }
    return changed, [*new, *unmatched]


def _against(
    system: System, key: tuple[str, ...], held: Iterable[tuple[str, ...]], version: int
) -> list[Entry]:
    """How a code relates to those of the same system; nothing is known across systems."""
    url, code = key
    above, below = system.above(code), system.below(code)
    out: list[Entry] = []
    for other_url, other in held:
        if other_url != url:
            continue
        if other in above and other in below:
            out.append([url, code, other, "equal", version])
        elif other in above:
            out.append([url, code, other, "subsumes", version])
        elif other in below:
            out.append([url, other, code, "subsumes", version])
    return out


def since(table: Json, version: str) -> list[Entry]:
    """The entries that came after a version of the table. Errors: closure-version."""
    if not version.isascii() or not version.isdecimal() or len(version) > 15:
        raise FhirError("closure-version", "version")
    if not table["first"] <= int(version) <= table["version"]:
        raise FhirError("closure-version", "version")
    return [each for each in table["entries"] if each[4] > int(version)]


def groups(entries: Sequence[Entry]) -> list[Json]:
    """ConceptMap.group: the source lies below the target, so the target `subsumes` it.

    Spec: http://hl7.org/fhir/R4/valueset-concept-map-equivalence.html
    """
    out: dict[str, dict[str, list[Json]]] = {}
    for url, below, above, equivalence, _ in entries:
        target = (
            {"code": above, "equivalence": equivalence} if above else {"equivalence": equivalence}
        )
        out.setdefault(url, {}).setdefault(below, []).append(target)
    return [
        {
            "source": url,
            "target": url,
            "element": [{"code": code, "target": targets} for code, targets in elements.items()],
        }
        for url, elements in out.items()
    ]
