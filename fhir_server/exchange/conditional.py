"""Conditional read: does the client have this already?

Spec: http://hl7.org/fhir/R4/http.html#cread and RFC 9110 section 13
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..storage.base import Stored
from .call import Call


def names_etag(header: str, tag: str) -> bool:
    """Is `tag` (what stands between the quotes) in a list such as `W/"1", "2"` or `*`?

    A weak and a strong tag are the same here, and quotes may be missing, as clients leave them out.
    """
    for part in header.split(","):
        name = part.strip().removeprefix("W/").strip('"')
        if name in ("*", tag):
            return True
    return False


def unchanged(call: Call, found: Stored) -> bool:
    """If-None-Match decides where it is given, else If-Modified-Since: an HTTP date, or an instant
    as an entry of a Bundle has it. One that cannot be read does not count.

    Units: a version's time in microseconds, of which HTTP shows whole seconds.
    """
    if call.if_none_match:
        return names_etag(call.if_none_match, str(found.version))
    if not call.if_modified_since:
        return False
    text = call.if_modified_since
    try:
        is_instant = text[:4].isdigit()
        since = datetime.fromisoformat(text) if is_instant else parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return found.updated // 1_000_000 <= since.timestamp()
