"""A paper form as data: form.toml drives both directions.

Spec: docs/forms.md
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..model.canonical import BASE, naming_system
from . import places as at
from .back import read_facts
from .build import Builder, Filled, Text, content_hash
from .converters import (
    CONVERTERS,
    MAX_LINE,
    birth_from_age,
    birth_of,
    clean,
    narrow,
    read_age,
    sex_of,
)
from .fields import FieldError, FormErrors, Wrong
from .places import Facts

Json = dict[str, Any]
Value = str | int
TYPES = (
    "text", "number", "date", "datetime", "phone", "code", "identifier", "organization",
    "practitioner", "department",
)  # fmt: skip


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


@dataclass(frozen=True)
class Form:
    """A form with its fields in the order of the paper. `layout` is for printing."""

    id: str
    title: str
    description: str
    direction: str
    fields: tuple[Field, ...]
    layout: tuple[Json, ...]
    folder: Path
    names: Mapping[str, Field] = field(repr=False, default_factory=dict)

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
            try:
                value = self._convert(each, raw.get(each.key))
            except Wrong as wrong:
                errors.append(FieldError.of(each.key, each.box, wrong.kind, **wrong.args_))
                continue
            if value is not None:
                out[each.key] = value
            elif each.required and not any(e.field == each.key for e in errors):
                errors.append(FieldError.of(each.key, each.box, "required"))
        errors += self._cross_check(out)
        if errors:
            order = {f.key: i for i, f in enumerate(self.fields)}
            raise FormErrors(sorted(errors, key=lambda e: order.get(e.field, 999)))
        return out

    def _gather(self, values: Mapping[str, Any], errors: list[FieldError]) -> dict[str, Any]:
        """Values by key. Two spellings of one field must agree."""
        raw: dict[str, tuple[str, Any]] = {}
        for name, value in values.items():
            found = self.names.get(_spelling(name))
            if found is None:
                if not _empty(value):
                    errors.append(FieldError.of(name[:MAX_LINE], "", "unknown"))
                continue
            if _empty(value):
                continue
            if found.key in raw and not _agree(found, raw[found.key][1], value):
                other = raw[found.key][0]
                errors.append(FieldError.of(found.key, found.box, "differs", other=other))
            raw.setdefault(found.key, (name, value))
        return {key: value for key, (_, value) in raw.items()}

    def _convert(self, each: Field, value: Any) -> Value | None:
        if value is None:
            return None
        if each.type == "identifier" and isinstance(value, float) and abs(value) >= 10**15:
            raise Wrong("id-precision")
        text = clean(value)
        if not text:
            return None
        done = CONVERTERS[at.CONVERTERS.get(each.to, each.type)](text, each.values)
        # A number that came as a JSON number goes back as one.
        whole = each.type == "number" and type(value) is int and done == str(value)
        return value if whole else done

    def _cross_check(self, out: dict[str, Value]) -> list[FieldError]:
        """身份证号, 出生日期, 性别 and 年龄 must agree with each other."""
        by_place = {f.to: f for f in self.fields if f.key in out}
        values = {place: str(out[f.key]) for place, f in by_place.items()}
        found: list[FieldError] = []

        def wrong(place: str, kind: str) -> None:
            found.append(FieldError.of(by_place[place].key, by_place[place].box, kind))

        number, birth = values.get(at.RESIDENT_ID), values.get(at.BIRTH)
        born = birth_of(number) if number else date.fromisoformat(birth) if birth else None
        if number and birth and born and birth != born.isoformat():
            wrong(at.BIRTH, "id-birth")
        sex = values.get(at.SEX)
        if number and sex in ("男", "女") and sex_of(number) != sex:
            wrong(at.SEX, "id-sex")
        day = values.get(at.DATE)
        if born and day:
            on = date.fromisoformat(day[:10])
            if born > on:
                wrong(at.RESIDENT_ID if number else at.BIRTH, "future")
            elif at.AGE in values and not _age_fits(values[at.AGE], born, on):
                wrong(at.AGE, "age-birth")
        return found

    def content_identifier(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """What makes the same form sent twice recognisable. Errors: FormErrors."""
        return naming_system("form-content"), content_hash(self.id, self.normalise(values))

    def request_identifier(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """The 转诊单号 within its sender, where the form has one. Errors: FormErrors."""
        facts = self._facts(self.normalise(values))[0]
        if at.NUMBER not in facts:
            return None
        return naming_system("referral-number"), f"{facts[at.SENDER]} {facts[at.NUMBER]}"

    def _facts(self, normal: Mapping[str, Value]) -> tuple[Facts, list[Text]]:
        facts: Facts = {}
        texts: list[Text] = []
        for each in self.fields:
            value = normal.get(each.key)
            if value is None:
                continue
            if each.to in at.TEXTS:
                texts.append(Text(each.key, each.loinc, str(value)))
            facts[each.to] = value
        return facts, texts

    def to_bundle(self, values: Mapping[str, Any], *, now: datetime) -> Json:
        """The transaction Bundle of a filled form. Units: `now` with a time zone.

        Errors: FormErrors.
        """
        normal = self.normalise(values)
        facts, texts = self._facts(normal)
        content = content_hash(self.id, normal)
        filled = Filled(self.id, self.title, self.direction, facts, texts, content, now)
        return Builder(filled).bundle()

    def from_resources(self, resources: Iterable[Json]) -> dict[str, Value]:
        """The filled form again, from at least its ServiceRequest and Composition.

        Law: from_resources(to_bundle(x)) == normalise(x). Errors: form-incomplete.
        """
        facts, texts = read_facts(resources)
        out: dict[str, Value] = {}
        for each in self.fields:
            value = texts.get(each.key) if each.to in at.TEXTS else facts.get(each.to)
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
        convert = CONVERTERS[at.CONVERTERS.get(each.to, each.type)]
        return convert(clean(first), each.values) == convert(clean(second), each.values)
    except Wrong:
        return bool(first == second)


@lru_cache(4096)
def _spelling(name: str) -> str:
    """Labels without white space, width and closing colon: 转诊医生（签字）： = 转诊医生(签字)."""
    return narrow(name[:MAX_LINE]).rstrip(":").replace("_", "").replace("、", ",")


def _age_fits(age: str, born: date, on: date) -> bool:
    years, months, days = read_age(age)
    if months or (days and not years):
        text = birth_from_age(age, on)
        start = date.fromisoformat(text + "-15"[: 3 * (len(text) == 7)])
        return abs((start - born).days) <= (62 if months else 7)
    real = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    # 虚岁 counts one more at least.
    return abs(real - years) <= 1


def load_form(folder: Path) -> Form:
    """Errors: ValueError that names the folder and what is wrong with its form.toml."""
    try:
        data = tomllib.loads((folder / "form.toml").read_text("utf-8"))
        return _form(folder, data)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{folder.name}/form.toml: {error!r}") from error


def _form(folder: Path, data: Json) -> Form:
    labels = [row["label"] for row in data["field"]]
    fields = tuple(_field(row, labels.count(row["label"]) > 1) for row in data["field"])
    _check(folder.name, data, fields)
    names: dict[str, Field] = {}
    for each in fields:
        spellings = [each.key, f"{each.part}/{each.label}", *each.also]
        if each.key == each.label:
            # A label that has one meaning may be written with any part of the paper.
            spellings += [f"{part['name']}/{s}" for part in data["part"] for s in spellings[::2]]
        for spelling in spellings:
            names.setdefault(_spelling(spelling), each)
    return Form(
        id=data.get("id", folder.name),
        title=data["title"],
        description=data["description"],
        direction=data["direction"],
        fields=fields,
        layout=tuple(data["part"]),
        folder=folder,
        names=names,
    )


def _field(row: Json, twice: bool) -> Field:
    return Field(
        key=f"{row['part']}/{row['label']}" if twice else row["label"],
        label=row["label"],
        part=row["part"],
        box=str(row["box"]),
        type=row["type"],
        required=row.get("required", False),
        to=row["to"],
        values=tuple(row.get("values", ())),
        also=tuple(row.get("also", ())),
        loinc=row.get("loinc", ""),
        printed=row.get("printed", True),
    )


def _check(name: str, data: Json, fields: Sequence[Field]) -> None:
    problems = [f"{f.key}: type {f.type}" for f in fields if f.type not in TYPES]
    problems += [f"{f.key}: to = {f.to}" for f in fields if f.to not in at.PLACES]
    single = [f.to for f in fields if f.to != at.SECTION]
    problems += [f"two fields go to {to}" for to in sorted(set(single)) if single.count(to) > 1]
    required = {f.to for f in fields if f.required}
    problems += [f"no required field goes to {to}" for to in at.NEEDED if to not in required]
    if data["direction"] not in ("up", "down"):
        problems.append("direction must be up or down")
    if problems:
        raise ValueError(f"{name}/form.toml: " + "; ".join(problems))
