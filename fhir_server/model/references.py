"""References as text: "Patient/1", "http://host/fhir/Patient/1/_history/2", "#x", "urn:uuid:…"."""

from __future__ import annotations

import re
from typing import NamedTuple

_FORM = re.compile(
    r"(?P<base>https?://.+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(?:/_history/(?P<version>[A-Za-z0-9\-.]{1,64}))?(?:#.*)?"
).fullmatch


class Target(NamedTuple):
    """What a reference names: a resource of this server (type and id), or an outside url."""

    type: str
    id: str
    url: str
    version: str = ""


def parse_reference(text: str, base_url: str = "") -> Target | None:
    """None for a reference to a contained resource.

    Spec: http://hl7.org/fhir/R4/references.html#literal. `base_url` (without the last slash) is
    this server's own, so that an absolute reference to it counts as local.
    """
    if text.startswith("#"):
        return None
    found = _FORM(text)
    if found is None:
        return Target("", "", text)
    base = found["base"]
    if base and base.rstrip("/") != base_url:
        return Target("", "", text.partition("/_history/")[0])
    return Target(found["type"], found["id"], "", found["version"] or "")
