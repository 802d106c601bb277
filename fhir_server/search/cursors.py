"""Places in a search as the text of paging links."""

from __future__ import annotations

import msgspec

from ..errors import FhirError
from ..model.text import from_link, to_link
from ..storage.plan import Cursor

CURSOR = "_cursor"
# Before a place: the page that ends there. Alone: the page at the end.
BACKWARD = "b."


def write_cursor(cursor: Cursor) -> str:
    """A cursor as the text of a paging link."""
    return to_link(msgspec.json.encode(cursor))


def write_backward(cursor: Cursor | None) -> str:
    """The page that ends before the cursor, or before the end of all matches."""
    return BACKWARD + (write_cursor(cursor) if cursor is not None else "")


def read_cursor(text: str, sorts: int, *, several: bool = False) -> Cursor:
    """The values of the sorts and the tie-breaker, of several types maybe two.

    Errors: search-page.
    """
    try:
        value = msgspec.json.decode(from_link(text), type=tuple[str | int | float | None, ...])
    except (ValueError, msgspec.DecodeError):
        raise FhirError("search-page", CURSOR) from None
    if len(value) - sorts not in ((1, 2) if several else (1,)) or value[-1] is None:
        raise FhirError("search-page", CURSOR)
    return value


def read_place(text: str, sorts: int, *, several: bool) -> tuple[Cursor | None, bool]:
    """A cursor, and whether the page ends there. Errors: search-page."""
    if not text.startswith(BACKWARD):
        return read_cursor(text, sorts, several=several), False
    rest = text.removeprefix(BACKWARD)
    return (read_cursor(rest, sorts, several=several) if rest else None), True
