"""The embedded store: one SQLite file, nothing else to run."""

from .store import SqliteStore

__all__ = ["SqliteStore"]
