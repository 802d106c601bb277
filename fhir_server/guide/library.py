"""What the guide is about: the definitions and examples, known by type, id and address.

Only facts stay in memory; a resource is read again when its page is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..model.canonical import BASE
from ..model.json import decode_stored
from .texts import NONE, Text, has_chinese, parse_text

Json = dict[str, Any]
_STOP = re.compile(r"[，：；（。(,:;]")
KEPT = 6  # resources read last, as dicts
KEPT_DISPLAYS = 64  # code systems whose displays are at hand


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource. `group`: profile, extension, datatype, logical, example, or its type."""

    type: str
    id: str
    path: Path
    group: str
    url: str = ""
    version: str = ""
    title: Text = NONE
    description: Text = NONE
    base: str = ""  # of a StructureDefinition: the type it constrains
    parent: str = ""  # of a StructureDefinition: baseDefinition
    abstract: bool = False
    profiles: tuple[str, ...] = ()  # of an example
    uses: frozenset[str] = frozenset()  # addresses and references that stand in it
    names: tuple[str, ...] = ()  # of a NamingSystem: the addresses of the system
    boxes: tuple[tuple[str, str, str], ...] = ()  # (form, box, element id) of a StructureDefinition

    @property
    def name(self) -> str:
        return f"{self.type}-{self.id}"

    @property
    def page(self) -> str:
        return f"{self.name}.html"

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"


def files_of(profiles: Path, terminology: Path) -> Iterator[Path]:
    """Every file that may hold a resource of the guide, the package first."""
    for folder in (profiles / "package", profiles / "OperationDefinition", terminology):
        yield from sorted(p for p in folder.rglob("*.json") if not p.name.startswith("."))


class Library:
    """All entries, and what refers to what."""

    def __init__(self, profiles: Path, terminology: Path) -> None:
        self.profiles, self.terminology = profiles, terminology
        self.guide: Json
        self.package: Json = {}
        self._entries: dict[str, Entry] = {}
        package = profiles / "package" / "package.json"
        if package.is_file():
            self.package = decode_stored(package.read_bytes())
        found = list(self._resources())
        guides = (r for _, r in found if r["resourceType"] == "ImplementationGuide")
        self.guide = next(guides, {})
        named = self._named()
        for path, resource in found:
            entry = make_entry(path, resource, named)
            self._entries.setdefault(entry.reference, entry)
        definitions = [e for e in self._entries.values() if e.group != "example"]
        self.by_url = {name: e for e in definitions for name in e.names}
        self.by_url |= {e.url: e for e in definitions if e.url}
        self._used: dict[str, list[Entry]] = {}
        for entry in self._entries.values():
            for use in entry.uses:
                self._used.setdefault(use, []).append(entry)
        self.read = lru_cache(KEPT)(self._read)
        self.displays = lru_cache(KEPT_DISPLAYS)(self._displays)

    def _resources(self) -> Iterator[tuple[Path, Json]]:
        for path in files_of(self.profiles, self.terminology):
            value = decode_stored(path.read_bytes())
            if type(value) is dict and "resourceType" in value and "id" in value:
                yield path, value

    def _named(self) -> dict[str, Json]:
        """What the ImplementationGuide says of each resource, by reference."""
        rows = self.guide.get("definition", {}).get("resource", ())
        return {row.get("reference", {}).get("reference", ""): row for row in rows}

    def _read(self, entry: Entry) -> Json:
        found: Json = decode_stored(entry.path.read_bytes())
        return found

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def of(self, *groups: str) -> list[Entry]:
        return sorted((e for e in self if e.group in groups), key=lambda e: (e.type, e.id))

    def at(self, reference: str) -> Entry | None:
        """By "Type/id"."""
        return self._entries.get(reference)

    def canonical(self, url: str) -> Entry | None:
        """By address, with or without a version."""
        return self.by_url.get(url.partition("|")[0])

    def users(self, entry: Entry) -> list[Entry]:
        """What refers to it."""
        names = (entry.reference, entry.url, *entry.names)
        found = {user for name in names if name for user in self._used.get(name, ())}
        return sorted(found - {entry}, key=lambda e: (e.group, e.name))

    def examples(self, profile: Entry) -> list[Entry]:
        """Those that name the profile, or one that derives from it."""
        below = {profile.url}
        while True:
            more = {e.url for e in self if e.parent in below} - below
            if not more:
                break
            below |= more
        found = [e for e in self.of("example") if not below.isdisjoint(e.profiles)]
        return sorted(found, key=lambda e: (profile.url not in e.profiles, e.name))

    def chain(self, entry: Entry) -> list[Entry]:
        """The profile and those of ours that it derives from."""
        out, current = [entry], self.canonical(entry.parent)
        while current is not None and current not in out:
            out.append(current)
            current = self.canonical(current.parent)
        return out

    def _displays(self, system: str) -> dict[str, Text]:
        entry = self.canonical(system)
        if entry is None or entry.type != "CodeSystem":
            return {}
        return {c["code"]: concept_text(c) for c, _ in concepts(self.read(entry))}

    def display(self, system: str, code: str) -> Text:
        """What a code means; nothing where the code system is not of this guide."""
        return self.displays(system.partition("|")[0]).get(code, NONE)


def make_entry(path: Path, resource: Json, named: dict[str, Json]) -> Entry:
    kind, ident = resource["resourceType"], resource["id"]
    said = named.get(f"{kind}/{ident}", {})
    example = path.parent.name == "example"
    title = (
        resource.get("title") or naming_title(resource) or said.get("name") or resource.get("name")
    )
    about = resource.get("description") or said.get("description")
    if example:
        title, about = said.get("name") or ident, said.get("description") or ""
    structure = kind == "StructureDefinition"
    part = {k: v for k, v in resource.items() if k != "snapshot"} if structure else resource
    return Entry(
        kind, ident, path, "example" if example else group_of(resource),
        url=resource.get("url", "") if isinstance(resource.get("url"), str) else "",
        version=str(resource.get("version", "")),
        title=parse_text(title if isinstance(title, str) else ident),
        description=parse_text(about if isinstance(about, str) else ""),
        base=resource.get("type", "") if structure else "",
        parent=resource.get("baseDefinition", "") if structure else "",
        abstract=bool(resource.get("abstract")) if structure else False,
        profiles=tuple(p.partition("|")[0] for p in resource.get("meta", {}).get("profile", ())),
        uses=frozenset(addresses(part)),
        names=tuple(names_of(resource)) if kind == "NamingSystem" else (),
        boxes=tuple(boxes_of(resource)) if structure else (),
    )  # fmt: skip


def naming_title(resource: Json) -> str:
    """A NamingSystem has no title: its description as far as the first stop is one."""
    if resource["resourceType"] != "NamingSystem":
        return ""
    said = parse_text(resource.get("description"))
    zh = _STOP.split(said.zh)[0].strip()
    en = _STOP.split(said.en)[0].strip()
    return f"{zh} / {en}" if zh and en else zh or en


def names_of(naming: Json) -> Iterator[str]:
    for each in naming.get("uniqueId", ()):
        value = each.get("value", "")
        yield f"urn:oid:{value}" if each.get("type") == "oid" and value[:1].isdigit() else value


def boxes_of(profile: Json) -> Iterator[tuple[str, str, str]]:
    """What a profile says of the paper forms, whose addresses are BASE/forms/ID."""
    forms = {
        m["identity"]: m["uri"].rpartition("/")[2]
        for m in profile.get("mapping", ())
        if str(m.get("uri", "")).startswith(f"{BASE}/forms/")
    }
    for element in profile.get("differential", {}).get("element", ()):
        for each in element.get("mapping", ()):
            if each.get("identity") in forms and "." in element["id"]:
                yield forms[each["identity"]], each.get("map", ""), element["id"]


def group_of(resource: Json) -> str:
    kind: str = resource["resourceType"]
    if kind != "StructureDefinition":
        return kind
    if resource.get("kind") == "logical":
        return "logical"
    if resource.get("type") == "Extension":
        return "extension"
    return "profile" if resource.get("kind") == "resource" else "datatype"


def addresses(value: Any, own: str = "") -> Iterator[str]:
    """Addresses of ours, identifier systems and references, wherever they stand."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "reference" and isinstance(each, str):
                yield each
            else:
                yield from addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each)
    elif isinstance(value, str) and value.startswith((BASE, "urn:oid:")):
        yield value.partition("|")[0]


def differential_of(resource: Json) -> dict[str, Json]:
    return {e["id"]: e for e in resource.get("differential", {}).get("element", [])}


def snapshot_of(resource: Json) -> dict[str, Json]:
    """Without a snapshot the differential has to do."""
    rows = resource.get("snapshot", {}).get("element", [])
    return {e["id"]: e for e in rows} or differential_of(resource)


def concepts(system: Json) -> Iterator[tuple[Json, int]]:
    """Every concept of a CodeSystem with its depth, in the order of the file."""

    def below(rows: list[Json], depth: int) -> Iterator[tuple[Json, int]]:
        for row in rows:
            yield row, depth
            yield from below(row.get("concept", []), depth + 1)

    return below(system.get("concept", []), 0)


def concept_text(concept: Json) -> Text:
    """The display in Chinese and English, of display and designations."""
    shown = parse_text(concept.get("display", ""))
    zh, en = shown.zh, shown.en
    for each in concept.get("designation", ()):
        value, language = each.get("value", ""), each.get("language", "")
        if language.startswith("zh") or (not language and has_chinese(value)):
            zh = zh or value
        elif language.startswith("en"):
            en = en or value
    return Text(zh, en)
