"""The types that expressions are checked against, over the definitions.

Spec: http://hl7.org/fhirpath/N1/#types-and-reflection and http://hl7.org/fhir/R4/fhirpath.html
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from ..definitions import Definitions, r4
from .errors import FhirPathError

SYSTEM = frozenset(
    ("Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity", "Any")
)
TYPE_INFO = "System.TypeInfo"
# Their elements depend on what is found at run time.
OPEN = frozenset(("Resource", "DomainResource", "Element", "BackboneElement"))


class Step(NamedTuple):
    """One JSON property an element name may stand for."""

    key: str
    type: str
    many: bool


class Types:
    """Elements and inheritance; answers are kept, as expressions repeat them."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self.primitives = definitions.primitives
        self.is_a = lru_cache(4096)(self._is_a)
        self.steps = lru_cache(8192)(self._steps)

    def known(self, name: str) -> bool:
        return name in self._definitions.kinds or self._definitions.type(name) is not None

    def base_of_nested(self, path: str) -> str:
        """BackboneElement or Element, for a path such as "Patient.contact"."""
        return self._definitions.base_of(path) or "Element"

    def is_resource(self, name: str) -> bool:
        return self._definitions.kinds.get(name) == "resource"

    def is_concrete_resource(self, name: str) -> bool:
        return self._definitions.is_resource(name)

    def _is_a(self, name: str, wanted: str) -> bool:
        return name == wanted or self._definitions.is_a(name, wanted)

    def _steps(self, type_name: str, name: str) -> tuple[Step, ...]:
        """The properties of an element; () where the type has no such element."""
        if type_name == TYPE_INFO:
            return (Step(name, "System.String", False),) if name in ("namespace", "name") else ()
        if type_name.startswith("System."):
            return ()
        if type_name in self.primitives and name == "value":
            return ()  # R4 has no such child of a primitive in FHIRPath
        definition = self._definitions.type(type_name)
        element = definition.elements.get(name) if definition else None
        if element is None:
            return ()
        return tuple(Step(key, ref.code, element.many) for key, ref in element.json_names())

    def keys(self, type_name: str) -> dict[str, str]:
        """The type of each JSON property of a type."""
        definition = self._definitions.type(type_name)
        return {k: ref.code for k, (_, ref) in definition.keys.items()} if definition else {}

    def specifier(self, text: str, at: int) -> str:
        """A type specifier as the name we use: "Patient", "string", "System.String".

        Errors: FhirPathError for an unknown type.
        """
        namespace, _, name = text.rpartition(".")
        if namespace == "System":
            return text  # an unknown System type is no error, nothing is of it
        if namespace in ("", "FHIR") and name in self._definitions.kinds:
            return name
        if namespace == "" and name in SYSTEM:
            return "System." + name
        if namespace and self._definitions.type(text) is not None:
            return text  # a nested type, as "Patient.contact"
        raise FhirPathError("expected the name of a type", at)

    def test(self, wanted: str) -> Callable[[str], bool]:
        """The operator `is`: of the type, or derived from it."""
        if wanted.startswith("System."):
            return lambda name: name == wanted
        if wanted == "Quantity":
            return lambda name: name == "System.Quantity" or self.is_a(name, wanted)
        return lambda name: self.is_a(name, wanted)

    def filter(self, wanted: str) -> Callable[[str], bool]:
        """`as` and `ofType`: a primitive must be of the very type: a code is no string here."""
        if wanted in self.primitives:
            return lambda name: name == wanted
        return self.test(wanted)


@lru_cache(1)
def r4_types() -> Types:
    return Types(r4())
