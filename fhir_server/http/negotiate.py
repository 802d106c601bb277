"""Which format and language a client wants.

Spec: http://hl7.org/fhir/R4/http.html#mime-type and RFC 9110 section 12.5
"""

from __future__ import annotations

from functools import lru_cache

from ..errors import FhirError

FHIR_JSON = "application/fhir+json"
JSON = "application/json"
# What a client may ask for, and what it gets.
ANSWERS = {
    FHIR_JSON: FHIR_JSON,
    JSON: JSON,
    "json": FHIR_JSON,
    "text/json": JSON,
    "application/json+fhir": FHIR_JSON,
    "*/*": FHIR_JSON,
    "application/*": FHIR_JSON,
    "text/html": FHIR_JSON,  # a browser gets JSON to look at
}
BODIES = frozenset({FHIR_JSON, JSON, "text/json", "application/json+fhir"})
EXPECTED = f"{FHIR_JSON}, {JSON}"


@lru_cache(1024)
def ranked(header: str) -> tuple[tuple[str, str], ...]:
    """The choices of an Accept-like header, best first, as (name, fhirVersion); q=0 left out."""
    found = []
    for i, part in enumerate(header.split(",")):
        name, *parameters = (p.strip() for p in part.split(";"))
        quality, version = 1.0, ""
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
            elif key.strip().lower() == "fhirversion":
                version = value.strip('" ')
        if name and quality > 0:
            found.append((-quality, i, name.lower(), version))
    return tuple((name, version) for _, _, name, version in sorted(found))


@lru_cache(1024)
def answer_type(accept: bytes, format_: str) -> str:
    """The media type of the answer; `_format` wins over Accept.

    Errors: media-not-acceptable.
    """
    if format_:
        # An unencoded + of application/fhir+json arrives as a space.
        name = format_.partition(";")[0].strip().lower().replace(" ", "+")
        if name in ANSWERS:
            return ANSWERS[name]
        raise FhirError("media-not-acceptable", expected=EXPECTED)
    if not accept:
        return FHIR_JSON
    for name, version in ranked(accept.decode("latin-1")):
        if name in ANSWERS and version in ("", "4.0", "4.0.1"):
            return ANSWERS[name]
    raise FhirError("media-not-acceptable", expected=EXPECTED)


def check_body_type(content_type: str, content_encoding: str) -> None:
    """Errors: media-unsupported, media-encoding."""
    name, _, parameters = content_type.partition(";")
    if name.strip().lower() not in BODIES:
        raise FhirError("media-unsupported", expected=EXPECTED)
    for parameter in parameters.split(";"):
        key, _, value = parameter.strip().partition("=")
        if key.lower() == "charset" and value.strip('" ').lower() not in ("utf-8", "utf8"):
            raise FhirError("media-encoding")
    if content_encoding and content_encoding.strip().lower() != "identity":
        raise FhirError("media-encoding")


@lru_cache(256)
def language(accept_language: str) -> str:
    """ "zh" or "en"; Chinese where the client does not say or knows neither."""
    for name, _ in ranked(accept_language):
        if name.startswith(("zh", "en")):
            return name[:2]
    return "zh"


def preferences(header: str) -> dict[str, str]:
    """Prefer: return=minimal; handling=lenient → by name. Unknown ones do no harm (RFC 7240)."""
    out: dict[str, str] = {}
    for part in header.replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        if name:
            out.setdefault(name.strip().lower(), value.strip().strip('"'))
    return out
