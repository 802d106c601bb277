"""$graphql: read resources and what they refer to in one query."""

from .operation import OPERATION

__all__ = ["OPERATION"]
