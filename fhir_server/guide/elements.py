"""The table of elements of a StructureDefinition: rows ready for a template.

Spec: http://hl7.org/fhir/R4/elementdefinition.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from ..model.canonical import BASE
from .describe import Describer
from .labels import base_label
from .library import Entry, Library, differential_of, snapshot_of
from .links import Link, canonical_link, type_link
from .texts import NONE, Text, has_chinese, parse_text

Json = dict[str, Any]
STRENGTH = {
    "required": Text("必须", "required"),
    "extensible": Text("可扩展", "extensible"),
    "preferred": Text("建议", "preferred"),
    "example": Text("示例", "example"),
}
_RULES = {"open": Text("开放", "open"), "closed": Text("封闭", "closed"),
          "openAtEnd": Text("末尾开放", "open at end")}  # fmt: skip
_HOW = {
    "contained": Text("内含", "contained"),
    "referenced": Text("外部引用", "referenced"),
    "bundled": Text("同一 Bundle 内", "bundled"),
}


@dataclass(frozen=True)
class Type:
    """One type: its link, the profiles it must meet, and what it may refer to."""

    link: Link
    profiles: tuple[Link, ...] = ()
    targets: tuple[Link, ...] = ()
    how: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Row:
    """One element as the page shows it. `own` where this very profile says something of it,
    `context` where it is shown only for what is below it."""

    id: str
    name: str
    depth: int
    label: Text
    says: Text
    comment: Text
    min: str
    max: str
    types: tuple[Type, ...]
    must_support: bool
    modifier: bool
    summary: bool
    own: bool
    context: bool
    binding: tuple[Text, Link, Text] | None = None
    values: tuple[tuple[Text, Markup], ...] = ()
    constraints: tuple[str, ...] = ()
    slicing: tuple[str, Text, Text] | None = None
    same_as: str = ""
    forms: tuple[tuple[str, str], ...] = field(default=())  # (identity, box)


def ancestors(id: str) -> list[str]:
    """Of A.b:s.c: A, A.b, A.b:s."""
    out, parts = [], id.split(".")
    for i, part in enumerate(parts):
        head = ".".join(parts[:i])
        head = f"{head}." if head else ""
        for j, mark in enumerate(part):
            if mark == ":":
                out.append(head + part[:j])
        out.append(head + part)
    return [each for each in dict.fromkeys(out) if each != id]


class Elements:
    """The elements of one profile, and the three selections that its page shows."""

    def __init__(self, library: Library, entry: Entry) -> None:
        self.library, self.entry = library, entry
        self.resource = library.read(entry)
        self._describer = Describer(library, None)
        self.own = differential_of(self.resource)
        self.all = snapshot_of(self.resource)
        # What the differential names and the snapshot lacks is shown all the same.
        self.all.update({k: v for k, v in self.own.items() if k not in self.all})
        self.forms = {
            m["identity"]: m.get("name") or m["identity"]
            for m in self.resource.get("mapping", ())
            if str(m.get("uri", "")).startswith(BASE)
        }

    def whole(self) -> list[Row]:
        return self._rows(self.all)

    def differential(self) -> list[Row]:
        return self._rows(self.own)

    def key(self) -> list[Row]:
        """What this profile or one it derives from says, what must be supported or be there."""
        wanted = set(self.own)
        for parent in self.library.chain(self.entry)[1:]:
            wanted |= set(differential_of(self.library.read(parent)))
        for id, each in self.all.items():
            if each.get("mustSupport") or (each.get("min", 0) > 0 and id.count(".") == 1):
                wanted.add(id)
        gone = [id for id, each in self.all.items() if each.get("max") == "0"]
        # A part of an extension that is shown by its name needs no row for its url and value.
        return self._rows(id for id in self.all if id in wanted and self._useful(id, gone))

    def _useful(self, id: str, gone: list[str]) -> bool:
        return not any(id.startswith(f"{each}.") for each in gone)

    def _rows(self, ids: Iterable[str]) -> list[Row]:
        shown = set(ids)
        context = {a for id in shown for a in ancestors(id)} - shown
        order = [id for id in self.all if id in shown or id in context]
        return [self._row(id, self.all[id], id in context) for id in order]

    def _row(self, id: str, element: Json, context: bool) -> Row:
        own, name = id in self.own, id.rpartition(".")[2]
        label = self._label(id, element, element.get("short", ""))
        return Row(
            id, name, len(ancestors(id)), label,
            # The prose of R4 is a link away; what is ours stands here.
            self._says(id, element, "definition"), self._says(id, element, "comment"),
            str(element.get("min", "")), str(element.get("max", "")),
            tuple(self._type(t) for t in element.get("type", ())),
            bool(element.get("mustSupport")), bool(element.get("isModifier")),
            bool(element.get("isSummary")), own, context,
            self._binding(element), tuple(self._values(element)),
            tuple(c["key"] for c in element.get("constraint", ()) if is_ours(c)),
            slicing_of(element), element.get("contentReference", "").removeprefix("#"),
            tuple(
                (m["identity"], m.get("map", ""))
                for m in element.get("mapping", ()) if m.get("identity") in self.forms
            ),
        )  # fmt: skip

    def _says(self, id: str, element: Json, key: str) -> Text:
        text = element.get(key, "")
        return parse_text(text) if has_chinese(text) or key in self.own.get(id, ()) else NONE

    def _label(self, id: str, element: Json, short: str) -> Text:
        if "." not in id and not has_chinese(short):
            return self.entry.title
        if has_chinese(short):
            return parse_text(short)
        for each in element.get("type", ()):
            for url in each.get("profile", ()):
                found = self.library.canonical(url)
                if found is not None and found.group == "extension":
                    return found.title
        path = element.get("base", {}).get("path") or element.get("path", "")
        return Text(base_label(path), short)

    def _type(self, each: Json) -> Type:
        code = each.get("code", "")
        for extension in each.get("extension", ()):
            if extension["url"].endswith("structuredefinition-fhir-type"):
                code = extension.get("valueUrl") or extension.get("valueUri") or code
        return Type(
            type_link(code),
            tuple(canonical_link(self.library, p) for p in each.get("profile", ())),
            tuple(canonical_link(self.library, p) for p in each.get("targetProfile", ())),
            tuple(_HOW.get(a, Text("", a)) for a in each.get("aggregation", ())),
        )

    def _binding(self, element: Json) -> tuple[Text, Link, Text] | None:
        binding = element.get("binding")
        if not binding:
            return None
        about = binding.get("description", "")
        said = parse_text(about) if has_chinese(about) or not binding.get("valueSet") else NONE
        strength = STRENGTH.get(binding.get("strength"), NONE)
        return strength, canonical_link(self.library, binding.get("valueSet", "")), said

    def _values(self, element: Json) -> Iterable[tuple[Text, Markup]]:
        """Fixed values, patterns and bounds."""
        for key, value in element.items():
            for prefix, text in _BOUNDS.items():
                if key.startswith(prefix) and key[len(prefix) : len(prefix) + 1].isupper():
                    yield text, self._describer.value(value)
        if "maxLength" in element:
            yield Text("最多字符", "at most characters"), escape(element["maxLength"])

    def constraints(self) -> tuple[list[Json], list[Json]]:
        """Ours and those of R4: {"key", "severity", "says", "expression", "at": [element ids]}."""
        found: dict[str, Json] = {}
        for id, element in self.all.items():
            for each in element.get("constraint", ()):
                row = found.setdefault(each["key"], {
                    "key": each["key"], "severity": each.get("severity", "error"),
                    "says": parse_text(each.get("human")), "expression": each.get("expression", ""),
                    "ours": is_ours(each), "at": [],
                })  # fmt: skip
                if ":" not in id or not row["at"]:
                    row["at"].append(id)
        rows = list(found.values())
        return [r for r in rows if r["ours"]], [r for r in rows if not r["ours"]]

    def boxes(self) -> list[tuple[str, str, Row]]:
        """(name of the form, box, element) for each mapping to a paper form."""
        rows = [r for r in self.whole() if r.forms]
        return [(self.forms[k], box, row) for row in rows for k, box in row.forms]


def is_ours(constraint: Json) -> bool:
    source = constraint.get("source", "")
    return bool(source.startswith(BASE)) or has_chinese(constraint.get("human", ""))


def slicing_of(element: Json) -> tuple[str, Text, Text] | None:
    """(discriminators, rules, description)."""
    slicing = element.get("slicing")
    if not slicing:
        return None
    by = ", ".join(f"{d['type']}:{d['path']}" for d in slicing.get("discriminator", ()))
    about = slicing.get("description", "")
    said = parse_text(about) if has_chinese(about) else NONE
    return by, _RULES.get(slicing.get("rules"), NONE), said


_BOUNDS = {
    "fixed": Text("固定值", "fixed"), "pattern": Text("须含", "pattern"),
    "minValue": Text("最小", "minimum"), "maxValue": Text("最大", "maximum"),
    "defaultValue": Text("默认", "default"),
}  # fmt: skip
