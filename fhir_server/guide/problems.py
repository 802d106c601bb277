"""Invalid examples: what was changed in a valid one, and the issue that it must raise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import ERRORS
from ..patch.json_patch import apply_json_patch
from ..validation import messages
from .elements import is_ours
from .library import Entry, Library, differential_of, snapshot_of
from .texts import NONE, Text, parse_text

Json = dict[str, Any]
assert messages.ROWS  # the texts of the validator are in ERRORS once they are defined


@dataclass(frozen=True)
class Expected:
    """`code` is the message id or the key of a constraint."""

    code: str
    expression: str
    severity: str
    text: Text


@dataclass(frozen=True)
class Invalid:
    """One invalid example; `file` is its download."""

    file: str
    says: Text
    base: Entry | None
    change: list[Json]
    expected: tuple[Expected, ...]


class Problems:
    """All invalid examples by profile, and the texts of all constraints."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._constraints: dict[str, Text] | None = None

    def of(self, profile: Entry) -> list[Invalid]:
        path = self.library.profiles / "invalid" / f"{profile.id}.json"
        if not path.is_file():
            return []
        return [
            Invalid(
                f"invalid-{profile.id}-{i}.json", parse_text(case.get("says")),
                self.library.at(case["base"]), case["change"],
                tuple(self._expected(e, profile) for e in _listed(case["expect"])),
            )
            for i, case in enumerate(json.loads(path.read_bytes()), 1)
        ]  # fmt: skip

    def resource(self, case: Invalid) -> Json:
        """The example as a whole, with its fault."""
        assert case.base is not None
        return apply_json_patch(self.library.read(case.base), case.change)

    def _expected(self, raw: Json, profile: Entry) -> Expected:
        code = raw["issue"]
        text = self.text(code) or self._core(code, profile)
        return Expected(code, raw.get("expression", ""), raw.get("severity", "error"), text)

    def _core(self, key: str, profile: Entry) -> Text:
        """A constraint of R4 itself."""
        for element in snapshot_of(self.library.read(profile)).values():
            for each in element.get("constraint", ()):
                if each["key"] == key:
                    return parse_text(each.get("human"))
        return Text("R4 数据类型的约束", "a constraint of a data type of R4")

    def text(self, code: str) -> Text:
        row = ERRORS.get(code)
        if row is not None:
            return Text(_dots(row.zh), _dots(row.en))
        if self._constraints is None:
            self._constraints = dict(self._all())
        return self._constraints.get(code, NONE)

    def _all(self) -> Iterator[tuple[str, Text]]:
        for entry in self.library.of("profile", "extension", "datatype", "logical"):
            for element in differential_of(self.library.read(entry)).values():
                for each in element.get("constraint", ()):
                    if is_ours(each):
                        yield each["key"], parse_text(each.get("human"))


def _listed(value: Any) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _dots(template: str) -> str:
    """A message without its arguments, which are those of the case."""
    return re.sub(r"\{\w+\}", "…", template)
