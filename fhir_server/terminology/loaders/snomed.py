"""SNOMED CT as a release in RF2: the snapshot files of concepts, descriptions, relationships.

Spec: https://confluence.ihtsdotools.org/display/DOCRELFMT, http://hl7.org/fhir/R4/snomedct.html
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from ..file.writing import Row
from .release import Release

Json: TypeAlias = dict[str, Any]

SYSTEM = "http://snomed.info/sct"
IS_A = "116680003"
FSN, SYNONYM = "900000000000003001", "900000000000013009"
PREFERRED = "900000000000548007"
DEFINED = "900000000000073002"
CORE = "900000000000207008"
STATED = "900000000000010007"
PROPERTIES = (("inactive", "boolean"), ("sufficientlyDefined", "boolean"), ("moduleId", "code"),
              ("effectiveTime", "string"))  # fmt: skip
_DATE = re.compile(r"_(\d{8})\.txt$")


class SnomedReader:
    """`version`: the URI of the edition, by the module that most concepts are in, and the date."""

    def __init__(self, path: Path) -> None:
        self._release = Release(path)
        self._concepts = self._release.one(
            r"x?sct2_Concept_Snapshot_.*\.txt", "sct2_Concept_Snapshot"
        )
        self._terms = self._release.names(r"x?sct2_Description_Snapshot.*\.txt")
        self._release.one(r"x?sct2_Description_Snapshot.*\.txt", "sct2_Description_Snapshot")
        self._relations = self._release.one(
            r"x?sct2_Relationship_Snapshot_.*\.txt", "sct2_Relationship_Snapshot"
        )
        self.skipped = 0
        self._modules: Counter[str] = Counter()

    @property
    def version(self) -> str:
        found = _DATE.search(self._concepts)
        national = [m for m, _ in self._modules.most_common() if m != CORE]
        # The date of the national edition where the release is one, by the name of its files.
        module = CORE if "_INT_" in self._concepts or not national else national[0]
        return f"{SYSTEM}/{module}/version/{found[1]}" if found else f"{SYSTEM}/{module}"

    def count_modules(self) -> None:
        for row in self._release.tabbed(self._concepts):
            self._modules[row[3]] += 1

    @property
    def total(self) -> int:
        """How many concepts there are, once they are counted."""
        return self._modules.total()

    def rows(self) -> Iterator[Row]:
        preferred = self._preferred()
        terms: defaultdict[str, list[tuple[str, str, str, bool]]] = defaultdict(list)
        for name in self._terms:
            for row in self._release.tabbed(name):
                if row[2] == "1":
                    terms[row[4]].append((row[5], row[6], row[7], row[0] in preferred))
        parents: defaultdict[str, list[str]] = defaultdict(list)
        attributes: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self._release.tabbed(self._relations):
            if row[2] != "1" or row[8] == STATED:
                continue
            if row[7] == IS_A:
                parents[row[4]].append(row[5])
            else:
                attributes[row[4]].append((row[7], row[5]))
        for row in self._release.tabbed(self._concepts):
            yield _row(row, terms.pop(row[0], []), parents, attributes)

    def _preferred(self) -> set[str]:
        """Descriptions that some language prefers."""
        out: set[str] = set()
        for name in self._release.names(r"x?der2_cRefset_Language\w*Snapshot.*\.txt"):
            for row in self._release.tabbed(name):
                if row[2] == "1" and row[6] == PREFERRED:
                    out.add(row[5])
        return out


def _row(
    row: list[str],
    terms: list[tuple[str, str, str, bool]],
    parents: dict[str, list[str]],
    attributes: dict[str, list[tuple[str, str]]],
) -> Row:
    code, time, active, module, definition = row[:5]
    properties: list[Json] = [
        {"code": "sufficientlyDefined", "valueBoolean": definition == DEFINED},
        {"code": "moduleId", "valueCode": module},
        {"code": "effectiveTime", "valueString": time},
    ]
    if active != "1":
        properties.append({"code": "inactive", "valueBoolean": True})
    held = dict.fromkeys(attributes.get(code, ()))
    properties += [{"code": kind, "valueCode": value} for kind, value in held]
    designations: tuple[Json, ...] = tuple(
        {
            "language": language,
            "use": {"system": SYSTEM, "code": kind},
            "value": term,
        }
        for language, kind, term, _ in terms
    )
    above = tuple(dict.fromkeys(parents.get(code, ())))
    return Row(code, _display(terms) or code, above, "", designations, tuple(properties))


def _display(terms: list[tuple[str, str, str, bool]]) -> str:
    """The preferred synonym, in English before others; without one the fully specified name."""

    def rank(each: tuple[str, str, str, bool]) -> tuple[bool, bool, bool]:
        language, kind, _, preferred = each
        return not (preferred and kind == SYNONYM), kind != FSN, language != "en"

    return min(terms, key=rank)[2] if terms else ""
