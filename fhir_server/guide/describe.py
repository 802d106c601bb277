"""An example readable by people: a table of names and values, and JSON with colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from ..model.json import encode
from .labels import base_label
from .library import Entry, Library, snapshot_of
from .links import Link, canonical_link, reference_link
from .texts import NONE, Text, has_chinese, parse_text

Json = dict[str, Any]
MAX_DEPTH = 40
MAX_LINE = 84  # characters of an object or array that stands on one line
_SKIPPED = {"resourceType", "id", "meta", "text", "implicitRules", "language"}


@dataclass(frozen=True)
class Line:
    """One row: a name, and a value unless there are rows below it."""

    depth: int
    label: Text
    name: str
    value: Markup | None


class Describer:
    """The rows of one resource, with the labels of its profile."""

    def __init__(self, library: Library, profile: Entry | None) -> None:
        self.library = library
        self._labels: dict[str, Text] = {}
        self._slices: dict[tuple[str, str], Text] = {}
        if profile is not None:
            self._learn(snapshot_of(library.read(profile)))

    def _learn(self, elements: dict[str, Json]) -> None:
        """The names that the profile gives its elements, and its slices by identifier system."""
        for id, each in elements.items():
            short = each.get("short", "")
            if has_chinese(short) and ":" not in id.rpartition(".")[2]:
                self._labels.setdefault(each["path"], parse_text(short))
            system = each.get("fixedUri") or each.get("patternUri")
            owner = elements.get(id.removesuffix(".system"), {})
            if system and id.endswith(".system") and has_chinese(owner.get("short", "")):
                self._slices[owner["path"], system] = parse_text(owner["short"])

    def lines(self, resource: Json) -> list[Line]:
        return list(self._object(resource, resource.get("resourceType", ""), 0))

    def _object(self, value: Json, path: str, depth: int) -> Iterator[Line]:
        for key, each in value.items():
            if (depth == 0 and key in _SKIPPED) or key.startswith("_"):
                continue
            for one in each if isinstance(each, list) else [each]:
                yield from self._member(key, one, path, depth)

    def _member(self, key: str, value: Any, path: str, depth: int) -> Iterator[Line]:
        if key in ("extension", "modifierExtension") and isinstance(value, dict):
            yield from self._extension(value, path, depth)
            return
        below = f"{path}.{key}"
        system = value.get("system") if isinstance(value, dict) else None
        label = self._slices.get((below, str(system))) or self.label(below)
        shown = self._inline(key, value)
        if shown is not None:
            yield Line(depth, label, key, shown)
        elif depth < MAX_DEPTH:
            yield Line(depth, label, key, None)
            inner = value.get("resourceType") if key == "resource" else None
            yield from self._object(value, inner or below, depth + 1)

    def _extension(self, value: Json, path: str, depth: int) -> Iterator[Line]:
        url = str(value.get("url", ""))
        found = self.library.canonical(url)
        label = found.title if found is not None else NONE
        name = found.id if found is not None else url.rpartition("/")[2]
        inner = {k: v for k, v in value.items() if k != "url"}
        if "extension" in inner:
            yield Line(depth, label, name, None)
            yield from self._object(inner, path, depth + 1)
            return
        for key, each in inner.items():
            shown = self._inline(key, each)
            yield Line(depth, label, name, shown)
            if shown is None and depth < MAX_DEPTH:
                yield from self._object(each, path, depth + 1)

    def label(self, path: str) -> Text:
        """Of the profile; of R4's own element where that says nothing."""
        for spelt in (path, _choice(path)):
            if spelt in self._labels:
                return self._labels[spelt]
        return Text(base_label(path) or base_label(_choice(path)), "")

    def value(self, value: Any) -> Markup:
        """A value by itself: as a line where it fits one, else as JSON."""
        found = self._inline("", value)
        return Markup("<code>{}</code>").format(encode(value).decode()) if found is None else found

    def _inline(self, key: str, value: Any) -> Markup | None:
        """A value of one line; None where it needs rows of its own."""
        if isinstance(value, bool):
            return Markup("是 true") if value else Markup("否 false")
        if isinstance(value, (str, int, Decimal)):
            return self._string(str(value))
        if not isinstance(value, dict):
            return Markup("")
        write = _writer(value)
        found: Markup | None = write(self, value) if write else None
        return found

    def _string(self, text: str) -> Markup:
        if text.startswith(("http://", "urn:")):
            return anchor(canonical_link(self.library, text))
        return escape(text)

    def _reference(self, value: Json) -> Markup:
        reference, display = value.get("reference", ""), value.get("display", "")
        if not reference:
            inner = value.get("identifier")
            said = self._identifier(inner) if inner else Markup("")
            return escape(display) + (Markup("（") + said + Markup("）") if inner else Markup(""))
        return anchor(reference_link(self.library, reference, display))

    def _coding(self, value: Json) -> Markup:
        system, code = value.get("system", ""), value.get("code", "")
        known = self.library.display(system, code)
        said = value.get("display") or known.first
        out = Markup("<code>{}</code> {}").format(code, said)
        return out + self._system(system) if system else out

    def _system(self, url: str) -> Markup:
        """A code system or an identifier system, by its Chinese name where it has one."""
        link = canonical_link(self.library, url)
        named = link._replace(name=link.title.first or link.name)
        return Markup(' <span class="muted">{}</span>').format(anchor(named))

    def _concept(self, value: Json) -> Markup:
        parts = [self._coding(each) for each in value.get("coding", ())]
        if value.get("text"):
            parts.insert(0, Markup("<q>{}</q>").format(value["text"]))
        return Markup("<br/>").join(parts)

    def _identifier(self, value: Json) -> Markup:
        out = Markup("<code>{}</code>").format(value.get("value", ""))
        return out + self._system(value["system"]) if value.get("system") else out

    def _period(self, value: Json) -> Markup:
        return escape(f"{value.get('start', '…')} 至 {value.get('end', '…')}")

    def _quantity(self, value: Json) -> Markup:
        unit = value.get("unit") or value.get("code") or value.get("currency") or ""
        return escape(f"{value.get('comparator', '')}{value.get('value', '')} {unit}")

    def _contact(self, value: Json) -> Markup:
        extra = [value[k] for k in ("system", "use") if k in value]
        out = Markup("<code>{}</code>").format(value.get("value", ""))
        return out + Markup(' <span class="muted">{}</span>').format(" ".join(extra))

    def _worded(self, value: Json) -> Markup:
        """A name or an address: its text, else its parts."""
        if value.get("text"):
            return escape(value["text"])
        parts: list[str] = []
        for each in value.values():
            parts += [str(e) for e in each] if isinstance(each, list) else [str(each)]
        return escape(" ".join(parts))


# What is a string in the types below; the same name is an object in others.
_PLAIN = ("code", "system", "value", "display", "unit", "start", "end", "text", "reference")
_CONTACT = {"phone", "fax", "email", "pager", "url", "sms", "other"}
_NAME = {"use", "text", "family", "given", "prefix", "suffix", "period"}
_ADDRESS = {"use", "type", "text", "line", "city", "district", "state", "postalCode", "country"}
# The members a value must have, and may have; how it is then written. The first that fits.
_SHAPES: tuple[tuple[set[str], set[str], Any], ...] = (
    ({"reference"}, {"display", "type", "identifier"}, Describer._reference),
    ({"identifier"}, {"display", "type"}, Describer._reference),
    ({"display"}, set(), Describer._reference),
    ({"coding"}, {"text"}, Describer._concept),
    ({"code", "value"}, {"unit", "system", "comparator"}, Describer._quantity),
    ({"unit", "value"}, {"comparator"}, Describer._quantity),
    ({"currency", "value"}, set(), Describer._quantity),
    ({"code"}, {"system", "display", "version", "userSelected"}, Describer._coding),
    ({"start"}, {"end"}, Describer._period),
    ({"end"}, set(), Describer._period),
    ({"system", "value"}, {"use", "type", "period"}, Describer._identifier),
    ({"text"}, _NAME, Describer._worded),
    ({"family"}, _NAME, Describer._worded),
    ({"text"}, _ADDRESS, Describer._worded),
    ({"district"}, _ADDRESS, Describer._worded),
)


def _writer(value: Json) -> Any:
    keys = set(value) - {"id", "extension"}
    if any(isinstance(value.get(k), (dict, list)) for k in _PLAIN):
        return None
    if value.get("system") in _CONTACT and keys <= {"system", "value", "use", "rank"}:
        return Describer._contact
    fits = (w for must, may, w in _SHAPES if must <= keys and keys <= must | may)
    return next(fits, None)


def _choice(path: str) -> str:
    """Task.input.valueString as Task.input.value[x]."""
    return re.sub(r"\.([a-z]+)[A-Z][A-Za-z0-9]*$", r".\1[x]", path)


def _fits(value: Any) -> bool:
    """Short enough for a line, in characters."""
    return len(encode(value).decode()) <= MAX_LINE


def anchor(link: Link) -> Markup:
    if not link.href:
        return Markup("<code>{}</code>").format(link.name)
    title = link.title.both
    outside = Markup(' rel="external noopener"') if link.outside else Markup("")
    said = Markup(' title="{}"').format(title) if title else Markup("")
    return Markup('<a href="{}"{}{}>{}</a>').format(link.href, said, outside, link.name)


class Highlighter:
    """JSON with colours, and links from addresses and references; what is short on one line."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def html(self, value: Any) -> Markup:
        pieces: list[str] = []
        self._write(value, "", "", pieces)
        return Markup("".join(pieces))  # noqa: S704 - every piece was escaped where it was made

    def _write(self, value: Any, key: str, indent: str, out: list[str]) -> None:
        if isinstance(value, dict):
            rows = [(f'<span class="k">"{escape(k)}"</span>: ', k, v) for k, v in value.items()]
            self._all(rows, "{}", indent, out, short=bool(indent) and _fits(value))
        elif isinstance(value, list):
            self._all([("", key, v) for v in value], "[]", indent, out, short=_fits(value))
        elif isinstance(value, str):
            out.append(f'<span class="s">{self._string(key, value)}</span>')
        else:
            out.append(f'<span class="n">{escape(encode(value).decode())}</span>')

    def _all(
        self, rows: list[tuple[str, str, Any]], ends: str, indent: str, out: list[str],
        *, short: bool,
    ) -> None:  # fmt: skip
        inner = indent + "  "
        if not rows:
            out.append(ends)
            return
        if short:
            out.append(ends[0])
            for i, (head, key, each) in enumerate(rows):
                out.append((", " if i else "") + head)
                self._write(each, key, inner, out)
            out.append(ends[1])
            return
        out.append(ends[0] + "\n")
        for i, (head, key, each) in enumerate(rows):
            out.append(inner + head)
            self._write(each, key, inner, out)
            out.append(",\n" if i + 1 < len(rows) else "\n")
        out.append(indent + ends[1])

    def _string(self, key: str, text: str) -> str:
        shown = escape(encode(text).decode())
        if key == "reference":
            link = reference_link(self.library, text)
        elif text.startswith(("http://", "urn:oid:")):
            link = canonical_link(self.library, text)
        else:
            return shown
        if not link.href or link.outside:
            return shown
        return f'<a href="{escape(link.href)}">{shown}</a>'
