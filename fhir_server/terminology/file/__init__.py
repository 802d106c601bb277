"""The embedded terminology file: large code systems in one SQLite file beside the store."""

from .reading import TermFile
from .schema import FileError
from .writing import Header, Row, load, remove

__all__ = ["FileError", "Header", "Row", "TermFile", "load", "remove"]
