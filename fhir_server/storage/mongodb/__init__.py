"""The production store: MongoDB, one collection a resource type and one for its history."""

from .store import MongoStore

__all__ = ["MongoStore"]
