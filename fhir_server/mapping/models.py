"""Fast making, writing and reading of `fhir.resources` models.

Validation of one ServiceRequest by fhir.resources takes longer than a whole form may. The values
put into models here were checked field by field before, and resources from the store by the
server's own validation, so `build` and `read` make instances of the classes without validating
again. Primitive values stay in their JSON spelling. Tests compare what is built here with what full
validation builds.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

Json = dict[str, Any]
_new = object.__new__
_set_fields = BaseModel.__dict__["__dict__"].__set__
_set_names = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


class Facts(NamedTuple):
    """What is known of a class. `defaults` holds None for each field, in order."""

    defaults: dict[str, Any]
    aliases: dict[str, str]  # field → name in JSON
    names: dict[str, str]  # name in JSON → field
    types: dict[str, str]  # name in JSON → FHIR type of an object in it; "" is any resource
    resource_type: str


_FACTS: dict[Any, Facts] = {}


@lru_cache(512)
def model(name: str) -> Any:
    """A class of fhir.resources (R4B, whose resources used here are those of R4) by FHIR type.

    Imported on first use: the package takes long to load.
    """
    return import_module("fhir.resources.R4B").get_fhir_model_class(name)


def build(cls: Any, **values: Any) -> Any:
    """An instance with these fields; None and empty lists are left out."""
    given = {k: v for k, v in values.items() if v is not None and (v or v.__class__ is not list)}
    return _make(cls, given)


def _make(cls: Any, given: dict[str, Any]) -> Any:
    made = _new(cls)
    facts = _FACTS.get(cls) or _facts(cls)
    _set_fields(made, facts.defaults | given)
    _set_names(made, set(given))
    _set_extra(made, None)
    _set_private(made, None)
    return made


def _facts(cls: Any) -> Facts:
    resource = import_module("fhir.resources.R4B.resource").Resource
    aliases = {name: field.alias or name for name, field in cls.model_fields.items()}
    names = {alias: name for name, alias in aliases.items()}
    # `dump` writes in this order: the elements as in the specification, what is rare last.
    order = [names[alias] for alias in cls.elements_sequence() if alias in names]
    order += [name for name in aliases if name not in order]
    types = {}
    for name, field in cls.model_fields.items():
        leaf = _leaf(field.annotation).__name__
        if leaf.endswith("Type"):
            types[aliases[name]] = "" if leaf == "ResourceType" else leaf.removesuffix("Type")
    kind = cls.__name__ if issubclass(cls, resource) else ""
    _FACTS[cls] = facts = Facts(dict.fromkeys(order), aliases, names, types, kind)
    return facts


def _leaf(annotation: Any) -> Any:
    inner = [each for each in get_args(annotation) if each is not type(None)]
    return _leaf(inner[0]) if inner else annotation


def dump(value: Any) -> Any:
    """A model as FHIR JSON, with `resourceType` where it is a resource."""
    facts = _FACTS.get(value.__class__)
    if facts is None:
        if not hasattr(value.__class__, "model_fields"):
            return _primitive(value)
        facts = _facts(value.__class__)
    aliases, kind = facts.aliases, facts.resource_type
    out: Json = {"resourceType": kind} if kind else {}
    left = len(value.__pydantic_fields_set__)
    for name, each in value.__dict__.items():
        if each is None:
            continue
        which = each.__class__
        if which is str or which is int or which is bool:
            out[aliases[name]] = each
        elif which is list:
            out[aliases[name]] = [x if x.__class__ is str else dump(x) for x in each]
        else:
            out[aliases[name]] = dump(each)
        left -= 1
        if not left:
            break
    return out


def _primitive(value: Any) -> Any:
    """What an adapter has assigned: fhir.resources makes it a Python value. FHIR JSON again."""
    if isinstance(value, date | time):
        return value.isoformat()
    return value if isinstance(value, bool | int | Decimal) else str(value)


def read(value: Json, kind: str = "") -> Any:
    """A stored resource or element as a model; what R4B does not know is left out.

    `kind` is its FHIR type, where it is not a resource.
    """
    cls = model(kind or value["resourceType"])
    facts = _FACTS.get(cls) or _facts(cls)
    given = {}
    for alias, each in value.items():
        name = facts.names.get(alias)
        if name is not None:
            inner = facts.types.get(alias)
            given[name] = each if inner is None else _read_inner(each, inner)
    return _make(cls, given)


def _read_inner(value: Any, kind: str) -> Any:
    if isinstance(value, dict):
        return read(value, kind)
    if isinstance(value, list):
        return [None if each is None else read(each, kind) for each in value]
    return value
