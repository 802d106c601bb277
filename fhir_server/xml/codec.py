"""Both directions on one set of tables."""

from __future__ import annotations

from typing import Any

from ..definitions import Definitions
from .members import Tables
from .reading import Document
from .writing import Writers


class Xml:
    """FHIR XML ↔ plain dicts, compiled type by type on first use."""

    def __init__(self, definitions: Definitions) -> None:
        self._tables = Tables(definitions)
        self._writers = Writers(self._tables)

    def read(self, body: bytes) -> dict[str, Any]:
        """One resource. Errors: json-empty, xml-*."""
        return Document(body, self._tables).parse()

    def write(self, resource: dict[str, Any], *, pretty: bool = False) -> bytes:
        """UTF-8, elements in the order of the definitions. Errors: xml-unwritable."""
        return self._writers.write(resource, pretty=pretty)
