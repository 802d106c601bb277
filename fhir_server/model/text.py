"""Text as searches compare it."""

from __future__ import annotations

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
