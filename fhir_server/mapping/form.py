"""A paper form as data: form.toml drives both directions.

Spec: docs/forms.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..model.canonical import BASE
from . import places as at
from .adapters import Adapter, Converter
from .back import read_facts
from .build import build_entries
from .checks import disagreements
from .converters import MAX_LINE, as_text, narrow
from .fields import FieldError, FormErrors, Wrong
from .filled import Filled, Text, content_hash, content_key, same_form
from .places import Facts

Json = dict[str, Any]
Value = str | int
MAX_UNKNOWN = 50  # unknown fields named in one answer


@dataclass(frozen=True)
class Field:
    """One box. `key` is its name in the flat JSON: the label, or part/label where a label is
    printed with two meanings; `also` are other spellings that are taken as well."""

    key: str
    label: str
    part: str
    box: str
    type: str
    required: bool
    to: str
    convert: Converter
    via: str
    values: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    loinc: str = ""
    printed: bool = True

    def definition(self) -> Json:
        facts: Json = {
            "label": self.label,
            "part": self.part,
            "box": self.box,
            "type": self.type,
            "required": self.required,
        }
        return {**facts, "values": list(self.values)} if self.values else facts

    def wrong(self, kind: str, **args: object) -> FieldError:
        return FieldError.of(self.key, self.box, kind, **args)

    def read(self, value: Any) -> Value | None:
        """The canonical spelling; None for an empty box. Errors: Wrong."""
        text = as_text(value, self.type)
        if not text:
            return None
        done = self.convert(text, self.values)
        # An age that came as a JSON number goes back as one.
        return value if self.to == at.AGE and type(value) is int and done == str(value) else done


@dataclass(frozen=True)
class Form:
    """A form with its fields in the order of the paper. `layout` is for printing.

    Shape: `names` all accepted spellings → field; `twice` labels with several fields → these.
    """

    id: str
    title: str
    description: str
    direction: str
    fields: tuple[Field, ...]
    layout: tuple[Json, ...]
    folder: Path
    names: Mapping[str, Field] = field(repr=False, default_factory=dict)
    twice: Mapping[str, tuple[Field, ...]] = field(repr=False, default_factory=dict)
    adapter: Adapter = field(repr=False, default_factory=Adapter)
    profiles: Mapping[str, str] = field(repr=False, default_factory=dict)

    def definition(self) -> Json:
        """The JSON of GET /forms/{form}."""
        fields = [f.definition() for f in self.fields]
        return {"id": self.id, "title": self.title, "fields": fields}

    def made(self, service_request: Json) -> bool:
        """Did this form make the referral?"""
        return f"{BASE}/forms/{self.id}" in service_request.get("instantiatesUri", ())

    def normalise(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """Every field in its one canonical spelling, empty ones left out.

        Errors: FormErrors with all wrong fields. Law: normalising twice changes nothing.
        """
        errors: list[FieldError] = []
        raw = self._gather(values, errors)
        out: dict[str, Value] = {}
        for each in self.fields:
            value = raw.get(each.key)
            try:
                done = None if value is None else each.read(value)
            except Wrong as wrong:
                errors.append(each.wrong(wrong.kind, **wrong.message_args))
                continue
            if done is not None:
                out[each.key] = done
            elif each.required and not any(e.field == each.key for e in errors):
                errors.append(each.wrong("required"))
        errors += self._cross_check(out, complete=not errors)
        if errors:
            order = {f.key: i for i, f in enumerate(self.fields)}
            raise FormErrors(sorted(errors, key=lambda e: order.get(e.field, len(order))))
        return out

    def _gather(self, values: Mapping[str, Any], errors: list[FieldError]) -> dict[str, Any]:
        """Values by key. Two spellings of one field must agree."""
        raw: dict[str, tuple[str, Any]] = {}
        bare: dict[str, Any] = {}
        unknown = []
        for name, value in values.items():
            if _empty(value):
                continue
            plain = spelling(name)
            found = self.names.get(plain)
            if found is not None:
                self._put(raw, found, name, value, errors)
            elif plain in self.twice:
                bare[plain] = value
            else:
                unknown.append(name)
        for plain, value in bare.items():
            self._place_bare(raw, self.twice[plain], value, errors)
        errors += self._unknown(unknown)
        return {key: value for key, (_, value) in raw.items()}

    def _put(
        self,
        raw: dict[str, tuple[str, Any]],
        found: Field,
        name: str,
        value: Any,
        errors: list[FieldError],
    ) -> None:
        if found.key not in raw:
            raw[found.key] = (name, value)
        elif not _agree(found, raw[found.key][1], value):
            other = raw[found.key][0]
            errors.append(found.wrong("differs", one=name[:MAX_LINE], other=other[:MAX_LINE]))

    def _place_bare(
        self,
        raw: dict[str, tuple[str, Any]],
        fields: tuple[Field, ...],
        value: Any,
        errors: list[FieldError],
    ) -> None:
        """A label that is printed for two fields, without its part: clear if one is left."""
        left = [each for each in fields if each.key not in raw]
        if len(left) == 1:
            raw[left[0].key] = (left[0].label, value)
        elif left or not any(_agree(f, raw[f.key][1], value) for f in fields):
            keys = "、".join(f.key for f in fields)
            errors += [f.wrong("ambiguous", keys=keys) for f in left or fields]

    def _unknown(self, names: list[str]) -> Iterator[FieldError]:
        labels = "、".join(f.key for f in self.fields) if names else ""
        for name in names[:MAX_UNKNOWN]:
            yield FieldError.of(name[:MAX_LINE], "", "unknown", labels=labels)
        if len(names) > MAX_UNKNOWN:
            yield FieldError.of("", "", "unknown-many", limit=MAX_UNKNOWN)

    def _cross_check(self, out: dict[str, Value], *, complete: bool) -> Iterator[FieldError]:
        by_place = {f.to: f for f in self.fields if f.key in out}
        facts = {place: str(out[f.key]) for place, f in by_place.items()}
        for place, kind in disagreements(facts):
            yield by_place[place].wrong(kind)
        if self.adapter.check is not None and complete:
            by_key = {f.key: f for f in self.fields}
            for key, wrong in self.adapter.check(out):
                yield by_key[key].wrong(wrong.kind, **wrong.message_args)

    def content_identifier(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """The identifier of this very content. Errors: FormErrors."""
        return content_key(content_hash(self.id, self.normalise(values)))

    def request_identifier(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """The 转诊单号 within its sender, where the form has one. Errors: FormErrors."""
        filled = self._filled(self.normalise(values), datetime.min)
        return same_form(filled) if at.NUMBER in filled.facts else None

    def _filled(self, normal: Mapping[str, Value], now: datetime) -> Filled:
        facts: Facts = {}
        texts: list[Text] = []
        for each in self.fields:
            value = normal.get(each.key)
            if value is not None:
                facts[each.to] = value
                if each.to in at.TEXTS:
                    texts.append(Text(each.key, each.loinc, str(value)))
        content = content_hash(self.id, normal)
        return Filled(
            self.id, self.title, self.direction, facts, texts, content, now, self.profiles
        )

    def to_bundle(self, values: Mapping[str, Any], *, now: datetime) -> Json:
        """The transaction Bundle of a filled form. Units: `now` with a time zone.

        Errors: FormErrors.
        """
        normal = self.normalise(values)
        entries = build_entries(self._filled(normal, now))
        if self.adapter.write is not None:
            self.adapter.write(normal, entries.by_type())
        return entries.bundle()

    def from_resources(self, resources: Iterable[Json]) -> dict[str, Value]:
        """The filled form again, from at least its ServiceRequest and Composition.

        Law: from_resources(to_bundle(x)) == normalise(x). Errors: form-incomplete.
        """
        facts, texts, models = read_facts(resources)
        own = {} if self.adapter.read is None else self.adapter.read(models)
        out: dict[str, Value] = {}
        for each in self.fields:
            if each.to in at.TEXTS:
                value: Value | None = texts.get(each.key)
            else:
                value = own.get(each.key) if each.to == at.ADAPTER else facts.get(each.to)
            if value is not None and value != "":
                out[each.key] = value
        return out

    def from_bundle(self, bundle: Json) -> dict[str, Value]:
        """Errors: form-incomplete."""
        entries = bundle.get("entry", ())
        return self.from_resources(e["resource"] for e in entries if "resource" in e)

    def print_html(self, values: Mapping[str, Any], *, watermark: str | None = None) -> str:
        """A page that looks like the paper. `values` as `from_resources` gives them."""
        from .print import render

        return render(self, values, watermark)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _agree(each: Field, first: Any, second: Any) -> bool:
    try:
        return str(each.read(first)) == str(each.read(second))
    except Wrong:
        return bool(first == second)


@lru_cache(4096)
def spelling(name: str) -> str:
    """Labels without white space, width and closing colon: 转诊医生（签字）： is 转诊医生(签字)."""
    return narrow(name[:MAX_LINE]).rstrip(":").replace("_", "").replace("、", ",")
