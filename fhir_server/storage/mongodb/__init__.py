"""The production store: MongoDB, one collection a resource type and one for its history."""

from .driver import Connection
from .store import MongoStore

__all__ = ["Connection", "MongoStore"]
