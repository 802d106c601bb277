"""Text as searches compare it, and as links carry it."""

from __future__ import annotations

import base64
import unicodedata
from functools import lru_cache


@lru_cache(8192)
def fold(text: str) -> str:
    """Without case, accents, width and surplus white space: "Ｍüller " → "muller".

    Spec: http://hl7.org/fhir/R4/search.html#string
    """
    if text.isascii():
        return " ".join(text.lower().split())
    wide = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in wide if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def to_link(content: bytes) -> str:
    """Bytes as a part of a link: base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_link(text: str) -> bytes:
    """Errors: ValueError for what `to_link` cannot have made."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
