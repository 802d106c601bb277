"""Reading form.toml, and saying what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..model.canonical import structure_definition
from . import places as at
from .adapters import Adapter, load_adapter
from .form import Field, Form, spelling

Json = dict[str, Any]
TYPES = (
    "text", "number", "date", "datetime", "phone", "code", "identifier", "organization",
    "practitioner", "department",
)  # fmt: skip
# What a form may name a profile for, in [profiles].
PROFILED = (
    "Patient", "Organization", "Department", "Practitioner", "PractitionerRole", "Condition",
    "Encounter", "ServiceRequest", "Task", "Composition", "Provenance",
)  # fmt: skip
FIELD_KEYS = {
    "label", "part", "box", "type", "required", "to", "via", "values", "also", "loinc", "printed",
}  # fmt: skip


def load_form(folder: Path) -> Form:
    """Errors: ValueError that names the folder and what is wrong with its form.toml."""
    where = f"{folder.name}/form.toml"
    try:
        data = tomllib.loads((folder / "form.toml").read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{where}: {error}") from error
    try:
        return _form(folder, data)
    except KeyError as error:
        raise ValueError(f"{where}: {error.args[0]} is missing") from error
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _form(folder: Path, data: Json) -> Form:
    labels = [row["label"] for row in data["field"]]
    adapter = load_adapter(folder)
    problems = list(_row_problems(data["field"], adapter))
    fields: tuple[Field, ...] = ()
    if not problems:
        fields = tuple(_field(r, labels.count(r["label"]) > 1, adapter) for r in data["field"])
        problems = list(_problems(data, fields, adapter))
    if problems:
        raise ValueError(f"{folder.name}/form.toml: " + "; ".join(problems))
    twice: dict[str, tuple[Field, ...]] = {}
    for each in fields:
        if each.key != each.label:
            plain = spelling(each.label)
            twice[plain] = (*twice.get(plain, ()), each)
    return Form(
        id=data.get("id", folder.name),
        title=data["title"],
        description=data["description"],
        direction=data["direction"],
        fields=fields,
        layout=tuple(data["part"]),
        folder=folder,
        names=_names(fields, data["part"]),
        twice=twice,
        adapter=adapter,
        profiles={part: canonical_of(name) for part, name in data.get("profiles", {}).items()},
    )


def canonical_of(name: str) -> str:
    """A profile of this project by its id; a canonical of another as it is."""
    return name if ":" in name else structure_definition(name)


def _row_problems(rows: Sequence[Json], adapter: Adapter) -> Iterator[str]:
    for row in rows:
        label = row["label"]
        for key in sorted(set(row) - FIELD_KEYS):
            yield f"{label}: {key} is not known"
        if row["type"] not in TYPES:
            yield f"{label}: type {row['type']} is not one of {', '.join(TYPES)}"
        elif "via" in row and adapter.converter(row["via"]) is None:
            yield f"{label}: no converter {row['via']}"
        if row["to"] not in at.PLACES:
            yield f"{label}: to = {row['to']} is not a place of docs/forms.md"


def _field(row: Json, twice: bool, adapter: Adapter) -> Field:
    via = str(row.get("via") or at.CONVERTERS.get(row["to"], row["type"]))
    convert = adapter.converter(via)
    assert convert is not None
    return Field(
        key=f"{row['part']}/{row['label']}" if twice else row["label"],
        label=row["label"],
        part=row["part"],
        box=str(row["box"]),
        type=row["type"],
        required=row.get("required", False),
        to=row["to"],
        convert=convert,
        via=via,
        values=tuple(row.get("values", ())),
        also=tuple(row.get("also", ())),
        loinc=row.get("loinc", ""),
        printed=row.get("printed", True),
    )


def _problems(data: Json, fields: Sequence[Field], adapter: Adapter) -> Iterator[str]:
    if data["direction"] not in ("up", "down"):
        yield "direction must be up or down"
    for part, name in data.get("profiles", {}).items():
        if part not in PROFILED or type(name) is not str:
            yield f"profiles: {part} is not one of {', '.join(PROFILED)}, with a text"
    keys = [f.key for f in fields]
    yield from (f"{k} is there twice" for k in sorted(set(keys)) if keys.count(k) > 1)
    places = [f.to for f in fields if f.to not in at.MANY]
    yield from (f"two fields go to {to}" for to in sorted(set(places)) if places.count(to) > 1)
    required = {f.to for f in fields if f.required}
    yield from (f"no required field goes to {to}" for to in at.NEEDED if to not in required)
    for each in fields:
        if each.type not in at.TYPES.get(each.to, TYPES):
            yield f"{each.key}: {each.to} needs the type {' or '.join(at.TYPES[each.to])}"
        if each.via != at.CONVERTERS.get(each.to, each.via):
            yield f"{each.key}: {each.to} needs via {at.CONVERTERS[each.to]}"
        if each.type == "code" and not each.values:
            yield f"{each.key}: a code needs its values"
        if each.to == at.ADAPTER and adapter.write is None:
            yield f"{each.key}: adapter.py has no write and read"


def _names(fields: Sequence[Field], parts: Sequence[Json]) -> dict[str, Field]:
    """Every accepted spelling. Errors: ValueError for one that two fields claim."""
    every = {p["name"]: (p["name"], *p.get("also", ())) for p in parts}
    names: dict[str, Field] = {}
    for each in fields:
        alone = each.key == each.label
        # A label that has one meaning may be written with any part of the paper.
        own = [n for all_names in every.values() for n in all_names] if alone else []
        own = [each.part, *(every.get(each.part, ())), *own]
        words = [*([each.label] if alone else []), *each.also]
        words += [f"{part}/{word}" for part in own for word in (each.label, *each.also)]
        for word in words:
            if names.setdefault(spelling(word), each) is not each:
                raise ValueError(f"{names[spelling(word)].key} and {each.key} both claim {word}")
    return names
