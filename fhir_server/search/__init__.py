"""Search: query → plan, resource → index entries."""

from .cursors import write_backward, write_cursor
from .includes import Include
from .index import Indexer
from .parameters import Parameter, Registry
from .query import Compiler, Query
from .support import check_supported
from .terms import Terminology, Terms, TermsNeeded
from .words import texts

__all__ = [
    "Compiler",
    "Include",
    "Indexer",
    "Parameter",
    "Query",
    "Registry",
    "Terminology",
    "Terms",
    "TermsNeeded",
    "check_supported",
    "texts",
    "write_backward",
    "write_cursor",
]
