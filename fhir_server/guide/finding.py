"""What the search box searches: one row a page, made once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from .contents import STRUCTURES, kind_of
from .library import Entry, Library, concept_text, concepts, differential_of
from .texts import Text, parse_text

MAX_WORDS = 6_000  # characters of one row


def index_script(library: Library, others: Iterable[tuple[str, Text, str]]) -> str:
    """A script that hands the rows to guide.js: a page read from disk may load no JSON.

    Shape of a row: [page, Chinese title, English title, kind, words].
    """
    rows = [_row(library, e) for e in library if e.group != "ImplementationGuide"]
    rows += [[page, t.zh, t.en, "页面 page", words[:MAX_WORDS]] for page, t, words in others]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    # Line separators of Unicode and an end tag, which a script might be harmed by.
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"guideIndex({text});\n"


def _row(library: Library, entry: Entry) -> list[str]:
    kind = kind_of(entry.group)
    words = dict.fromkeys([entry.id, entry.url, *entry.description, *_words(library, entry)])
    said = " ".join(w for w in words if w)[:MAX_WORDS]
    return [entry.page, entry.title.zh, entry.title.en, f"{kind.zh} {kind.en}".strip(), said]


def _words(library: Library, entry: Entry) -> Iterator[str]:
    if entry.group in STRUCTURES:
        for id, element in differential_of(library.read(entry)).items():
            yield id
            yield from parse_text(element.get("short"))
            yield from (m.get("map", "") for m in element.get("mapping", ()))
            yield from (c.get("key", "") for c in element.get("constraint", ()))
    elif entry.type == "CodeSystem":
        for concept, _ in concepts(library.read(entry)):
            yield concept["code"]
            yield from concept_text(concept)
    elif entry.type == "NamingSystem":
        for each in library.read(entry).get("uniqueId", ()):
            yield each.get("value", "")
    elif entry.group == "example":
        yield from (p.rpartition("/")[2] for p in entry.profiles)
