"""The state machine as a table of facts. Shape of the file: profiles/workflow/states.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .texts import Text, parse_text

COLUMNS = ("left", "middle", "right")
NEW, NONE_YET, ANY = "new", "none", "any"


@dataclass(frozen=True)
class Status:
    """One value of Task.status, and where its box stands in the drawing."""

    code: str
    name: Text
    column: str
    rows: tuple[int, int]
    final: bool


@dataclass(frozen=True)
class Transition:
    """One row of the table."""

    id: str
    sources: tuple[str, ...]
    target: str
    statuses: tuple[str, ...]
    does: Text
    who: tuple[str, ...]
    needs: Text
    effect: Text

    @property
    def stays(self) -> bool:
        """The main status does not change."""
        return self.sources == (self.target,)


@dataclass(frozen=True)
class Who:
    """A role, and the character that stands for it in the drawing."""

    code: str
    name: Text
    mark: str


@dataclass(frozen=True)
class Flow:
    """What one kind of referral adds."""

    category: str
    title: Text
    steps: tuple[Text, ...]


@dataclass(frozen=True)
class Workflow:
    title: Text
    who: dict[str, Who]
    statuses: dict[str, Status]
    transitions: tuple[Transition, ...]
    flows: tuple[Flow, ...]

    def leaving(self, code: str) -> list[Transition]:
        """What may happen to a Task of this status."""
        final = self.statuses[code].final
        return [
            t for t in self.transitions
            if code in t.sources or (ANY in t.sources and not final)
        ]  # fmt: skip


def load_workflow(path: Path) -> Workflow:
    """Errors: ValueError for a name that the file does not define."""
    data = tomllib.loads(path.read_text("utf-8"))
    statuses = {
        s["code"]: Status(
            s["code"], parse_text(s["name"]), s["column"], tuple(s["rows"]), s.get("final", False)
        )
        for s in data["status"]
    }
    transitions = tuple(
        Transition(
            t["id"], tuple(t["from"]), t["to"], tuple(t["status"]), parse_text(t["does"]),
            tuple(t["who"]), parse_text(t.get("needs")), parse_text(t.get("effect")),
        )
        for t in data["transition"]
    )  # fmt: skip
    flows = tuple(
        Flow(f["category"], parse_text(f["title"]), tuple(parse_text(s) for s in f["steps"]))
        for f in data["flow"]
    )
    who = {c: Who(c, parse_text(w["name"]), w["mark"]) for c, w in data["who"].items()}
    found = Workflow(parse_text(data["title"]), who, statuses, transitions, flows)
    _check(found)
    return found


def _check(found: Workflow) -> None:
    known = {*found.statuses, NEW, NONE_YET, ANY}
    for each in found.transitions:
        if not {*each.sources, each.target} <= known or not set(each.who) <= set(found.who):
            raise ValueError(f"{each.id}: a status or a role is not defined")
    if any(s.column not in COLUMNS for s in found.statuses.values()):
        raise ValueError(f"a column is one of {', '.join(COLUMNS)}")
    if len({t.id for t in found.transitions}) != len(found.transitions):
        raise ValueError("two transitions have one id")
