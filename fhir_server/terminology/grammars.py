"""Code systems that are a grammar: whether a code is one of theirs, its form says.

Spec: http://hl7.org/fhir/R4/terminologies-systems.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

UCUM = "http://unitsofmeasure.org"
_TYPE = r"[A-Za-z0-9!#$&^_.+\-]{1,127}"
# Code systems that are a grammar. Spec: http://hl7.org/fhir/R4/terminologies-systems.html
GRAMMARS: Mapping[str, Callable[[str], bool]] = {
    # capabilitystatement.html: the format may be a mime type, or one of the three names.
    "urn:ietf:bcp:13": lambda c: bool(re.fullmatch(rf"{_TYPE}/{_TYPE}(\s*;.*)?|xml|json|ttl", c)),
    "urn:ietf:bcp:47": lambda c: bool(re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", c)),
    "urn:iso:std:iso:4217": lambda c: bool(re.fullmatch(r"[A-Z]{3}", c)),
    # Annotations and terms are not looked into.
    UCUM: lambda c: bool(re.fullmatch(r"[!-~]+", c)),
}
