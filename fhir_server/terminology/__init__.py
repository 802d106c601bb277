"""Value sets and code systems: what codes there are and which subsumes which."""

from .concepts import CodeSystem, Concept
from .expansion import Entry, Expansion
from .service import Terminology
from .sources import DefinitionsSource, FolderSource, Source, StoreSource

__all__ = [
    "CodeSystem",
    "Concept",
    "DefinitionsSource",
    "Entry",
    "Expansion",
    "FolderSource",
    "Source",
    "StoreSource",
    "Terminology",
]
