"""If-Match and If-None-Match of a write.

Spec: http://hl7.org/fhir/R4/http.html#concurrency and RFC 9110 section 13
"""

from __future__ import annotations

from ..errors import FhirError, define
from ..storage.base import Stored
from .conditional import names_etag

define(
    "version-exists", "conflict", 412,
    "资源已存在：If-None-Match 要求它不存在或不是此版本",
    "the resource exists; If-None-Match demands that it does not, or not in this version",
)  # fmt: skip


def expected_versions(if_match: str) -> frozenset[int] | None:
    """The versions that an If-Match header names; empty for `*`, None without the header.

    Weak and strong tags are the same here, and quotes may be missing. Errors: version-etag.
    """
    text = if_match.strip()
    if not text:
        return None
    if text == "*":
        return frozenset()
    return frozenset(_version(part) for part in text.split(","))


def _version(tag: str) -> int:
    digits = tag.strip().removeprefix("W/")
    if len(digits) > 1 and digits[0] == digits[-1] == '"':
        digits = digits[1:-1]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise FhirError("version-etag", "If-Match")
    return int(digits)


def check_preconditions(
    current: Stored | None, *, if_match: str, if_none_match: str = "", at: str = ""
) -> None:
    """May the write go on from what is there? A deleted resource is not there.

    Errors: version-etag, version-conflict, version-exists.
    """
    there = current if current is not None and not current.deleted else None
    wanted = expected_versions(if_match) if if_match else None
    if wanted is not None and (there is None or (wanted and there.version not in wanted)):
        raise FhirError("version-conflict", at)
    if if_none_match and there is not None and names_etag(if_none_match, str(there.version)):
        raise FhirError("version-exists", at)
