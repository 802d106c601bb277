"""Search: query → plan, resource → index entries."""

from .index import Indexer
from .parameters import Parameter, Registry
from .query import Compiler, Include, Query, write_cursor

__all__ = ["Compiler", "Include", "Indexer", "Parameter", "Query", "Registry", "write_cursor"]
