"""Value sets and code systems: what codes there are and which subsumes which."""

from .concepts import CodeSystem
from .expansion import Entry, Expansion
from .service import Terminology
from .sources import FolderSource, LibrarySource, ResourcesSource, Source, StoreSource
from .systems import Concept, System

__all__ = [
    "CodeSystem",
    "Concept",
    "Entry",
    "Expansion",
    "FolderSource",
    "LibrarySource",
    "ResourcesSource",
    "Source",
    "StoreSource",
    "System",
    "Terminology",
]
