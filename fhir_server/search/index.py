"""Index entries of a resource, as rows by kind (see storage/plan.py)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, product
from typing import TypeAlias

from .converters import Convert, Json, Out, Row, converters_for, name_part, name_string
from .parameters import NAMED, Component, Parameter, Registry
from .walk import Place, compile_top, is_plain

Walk: TypeAlias = Callable[[Json, Out], None]
MAX_COMPOSITES = 200  # entries that one element gives to one composite parameter


class Indexer:
    """Makes the index entries of resources. `base_url` is this server's own, for references."""

    def __init__(self, registry: Registry, base_url: str = "") -> None:
        self._registry = registry
        self._converters = converters_for(base_url)
        self._walks: dict[str, tuple[dict[str, Parameter], Walk]] = {}

    @property
    def generation(self) -> int:
        """Another one where `entries` may give other entries."""
        return self._registry.generation

    def entries(self, resource: Json) -> dict[str, list[Row]]:
        """Shape: {"token": [("code", "system", "value"), …], …}, without empty kinds."""
        resource_type = resource["resourceType"]
        known = self._registry.indexed(resource_type)
        compiled = self._walks.get(resource_type)
        if compiled is None or compiled[0] is not known:
            compiled = self._walks[resource_type] = (known, self._walk(known))
        out: Out = {}
        compiled[1](resource, out)
        return {kind: list(dict.fromkeys(rows)) for kind, rows in out.items()}

    def _walk(self, known: dict[str, Parameter]) -> Walk:
        """One walk for what is a plain path, then the other parameters one after the other."""
        top, others = Place(), []
        for parameter in known.values():
            converters = self._converters_of(parameter)
            if parameter.parts or parameter.paths is None or not is_plain(parameter.paths):
                others.append((parameter, converters))
                continue
            for branch in parameter.paths:
                convert = converters.get(branch.type)
                if convert is not None:
                    top.add(branch, convert, parameter.code)
        walk = compile_top(top)

        def entries(resource: Json, out: Out) -> None:
            walk(resource, out)
            for parameter, converters in others:
                assert parameter.select is not None
                found = parameter.select(resource)
                if found and parameter.parts:
                    self._composites(out, parameter, resource, found)
                    continue
                for value, fhir_type in found:
                    convert = converters.get(fhir_type)
                    if convert is not None:
                        convert(out, parameter.code, value)

        return entries if others else walk

    def references(self, resource: Json, parameter: Parameter) -> list[tuple[str, str]]:
        """(type, id) of the local resources that one reference parameter points to."""
        return [(row[0], row[1]) for row in self.rows(resource, parameter) if row[1]]

    def rows(self, resource: Json, parameter: Parameter) -> list[Row]:
        """The entries of one parameter, without its code."""
        assert parameter.select is not None
        converters = self._converters[parameter.kind]
        out: Out = {}
        for value, fhir_type in parameter.select(resource):
            convert = converters.get(fhir_type)
            if convert is not None:
                convert(out, "", value)
        return [row[1:] for row in out.get(parameter.kind, ()) if not row[0]]

    def canonicals(self, resource: Json, parameter: Parameter) -> list[str]:
        """The canonical urls that one reference parameter names, with their versions."""
        assert parameter.select is not None
        return [
            value for value, fhir_type in parameter.select(resource) if fhir_type == "canonical"
        ]

    def _converters_of(self, parameter: Parameter) -> dict[str, Convert]:
        converters = self._converters.get(parameter.kind, {})
        if parameter.pinyin and "HumanName" not in parameter.types:
            institution = (parameter.resource_type, parameter.code) in NAMED
            return {**converters, "string": name_string if institution else name_part}
        return converters

    def _composites(
        self, out: Out, parameter: Parameter, resource: Json, found: list[tuple[Json, str]]
    ) -> None:
        """Each combination of the parts of one element. Spec: search.html#composite"""
        rows = out.setdefault("composite", [])
        for value, fhir_type in found:
            parts = [self._part(part, value, fhir_type, resource) for part in parameter.parts]
            if all(parts):
                some = islice(product(*parts), MAX_COMPOSITES)
                rows.extend((parameter.code, *combined) for combined in some)
        if not rows:
            del out["composite"]

    def _part(self, part: Component, value: Json, fhir_type: str, resource: Json) -> list[Row]:
        """Shape: [(kind, field, …), …]"""
        converters = self._converters[part.kind]
        own: Out = {}
        focus = (resource, resource["resourceType"]) if part.whole else (value, fhir_type)
        for each, kind in part.select(*focus):
            convert = converters.get(kind)
            if convert is not None:
                convert(own, "", each)
        return [(part.kind, *row[1:]) for row in own.get(part.kind, ()) if not row[0]]
