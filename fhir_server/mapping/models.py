"""Fast making, writing and reading of `fhir.resources` models.

Validation of a ServiceRequest by fhir.resources takes longer than a whole form may. The values put
into models here were checked field by field before, so `build` makes an instance of the class
without validating again. Primitive values stay in their JSON spelling. Tests compare what is built
here with what full validation builds.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

Json = dict[str, Any]
_set = object.__setattr__


@cache
def model(name: str) -> Any:
    """A class of fhir.resources (R4B, whose resources used here are those of R4) by FHIR type.

    Imported on first use: the package takes long to load.
    """
    return import_module("fhir.resources.R4B").get_fhir_model_class(name)


@cache
def _defaults(cls: Any) -> dict[str, Any]:
    return {name: field.default for name, field in cls.model_fields.items()} | {
        name: None for name in cls.model_fields if name != "resource_type"
    }


@cache
def _ranks(cls: Any) -> tuple[dict[str, int], dict[str, str], str]:
    """Place of each field in the order of the specification, its JSON name, `resourceType`."""
    names = {field.alias or name: name for name, field in cls.model_fields.items()}
    first = [alias for alias in cls.elements_sequence() if alias in names]
    aliases = [*first, *(a for a in names if a not in first and names[a] != "resource_type")]
    ranks = {names[alias]: i for i, alias in enumerate(aliases)}
    return ranks, {names[alias]: alias for alias in aliases}, _resource_type(cls)


def build(cls: Any, **values: Any) -> Any:
    """An instance with these fields; None and empty lists are left out."""
    given = {k: v for k, v in values.items() if v is not None and (v or type(v) is not list)}
    made = cls.__new__(cls)
    _set(made, "__dict__", _defaults(cls) | given)
    _set(made, "__pydantic_fields_set__", set(given))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def dump(value: Any) -> Json:
    """A model as FHIR JSON, with `resourceType` where it is a resource."""
    fields = value.__dict__
    ranks, aliases, kind = _ranks(value.__class__)
    out: Json = {"resourceType": kind} if kind else {}
    for name in sorted(value.__pydantic_fields_set__, key=ranks.__getitem__):
        each = fields[name]
        which = type(each)
        if which is str or which is bool or which is int:
            out[aliases[name]] = each
        elif which is list:
            out[aliases[name]] = [x if type(x) is str else dump(x) for x in each]
        else:
            out[aliases[name]] = dump(each)
    return out


@cache
def _resource_type(cls: Any) -> str:
    resource = import_module("fhir.resources.R4B.resource").Resource
    return cls.__name__ if issubclass(cls, resource) else ""


def read(resource: Json) -> Any:
    """A stored resource as a model, fully validated by fhir.resources.

    Errors: pydantic.ValidationError where R4B does not know what R4 stored.
    """
    return model(resource["resourceType"]).model_validate(resource)
