"""A checked form on its way into resources."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..model.canonical import naming_system
from . import places as at
from .places import Facts


@dataclass(frozen=True, slots=True)
class Text:
    """A free-text box: its key, its LOINC section code, and what was written."""

    label: str
    loinc: str
    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything the Bundle is made from. `content` is the hash of the values; `profiles` are the
    canonicals that the resources claim, by what is in the Bundle."""

    form_id: str
    title: str
    direction: str
    facts: Facts
    texts: list[Text]
    content: str
    now: datetime
    profiles: Mapping[str, str] = field(default_factory=dict)

    def get(self, place: str) -> str | None:
        value = self.facts.get(place)
        return None if value is None else str(value)

    def need(self, place: str) -> str:
        """A place that every form fills: see places.NEEDED."""
        return str(self.facts[place])

    @property
    def up(self) -> bool:
        return self.direction == "up"

    @property
    def day(self) -> str:
        return self.need(at.DATE)[:10]

    @property
    def stamp(self) -> str:
        """`now` as a FHIR instant."""
        return self.now.isoformat(timespec="seconds").replace("+00:00", "Z")


def content_hash(form_id: str, values: Mapping[str, object]) -> str:
    """The same values of the same form give the same 64 hex digits."""
    lines = [form_id, *(f"{key}\x1f{value}" for key, value in sorted(values.items()))]
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()


def content_key(content: str) -> tuple[str, str]:
    return naming_system("form-content"), content


def number_key(direction: str, sender: str, number: str) -> tuple[str, str]:
    """A 转诊单号 as identifier: senders count on their own, and each way on its own."""
    return naming_system(f"{direction}-referral-number"), f"{sender} {number}"


def same_form(filled: Filled) -> tuple[str, str]:
    """What tells that a form was sent before: its 转诊单号, else its content."""
    number = filled.get(at.NUMBER)
    if number is None:
        return content_key(filled.content)
    return number_key(filled.direction, filled.need(at.SENDER), number)
