"""How to exchange: requests with their answers, step by step.

Shape: profiles/exchange/NAME.toml holds the steps; NAME.answers.json what the server answered,
written by tools/record_exchange.py and compared with the server's answers by a test.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .texts import Text, parse_text

Json = dict[str, Any]
_NAME = re.compile(r"\{([a-z][a-z0-9-]*)\}")


@dataclass(frozen=True)
class Step:
    """One request. `keep`: names for ids of the answer, each by its type, for later steps: the
    first of that type, or "Type 2" for the second."""

    title: Text
    says: Text
    who: Text
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int
    keep: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What the server said, with stable names for its ids and times."""

    status: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Exchange:
    name: str
    title: Text
    order: int
    says: tuple[Text, ...]
    before: tuple[str, ...]  # what is on the server when it begins, as Type/id
    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]

    @property
    def page(self) -> str:
        return f"exchange-{self.name}.html"


def load_exchange(path: Path) -> Exchange:
    """Errors: ValueError for TOML or JSON that is wrong."""
    data = tomllib.loads(path.read_text("utf-8"))
    answers: tuple[Answer, ...] = ()
    recorded = path.with_suffix(".answers.json")
    if recorded.is_file():
        rows = json.loads(recorded.read_text("utf-8"))
        answers = tuple(Answer(r["status"], r["headers"], r.get("body")) for r in rows)
    steps = tuple(_step(s) for s in data["step"])
    says = tuple(parse_text(s) for s in data.get("says", ()))
    before = tuple(data.get("before", ()))
    return Exchange(
        path.stem, parse_text(data["title"]), data["order"], says, before, steps, answers
    )


def _step(raw: Json) -> Step:
    body = raw.get("body")
    return Step(
        parse_text(raw["title"]), parse_text(raw.get("says")), parse_text(raw.get("who")),
        raw["method"], raw["path"], raw.get("headers", {}),
        None if body is None else json.loads(body), raw["status"], raw.get("keep", {}),
    )  # fmt: skip


def load_exchanges(folder: Path) -> list[Exchange]:
    """In their order."""
    return sorted((load_exchange(p) for p in folder.glob("*.toml")), key=lambda e: e.order)


def fill(text: str, names: dict[str, str]) -> str:
    """{request} and others by what the answers before gave; others stay."""
    return _NAME.sub(lambda m: names.get(m[1], m[0]), text)
