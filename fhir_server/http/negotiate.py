"""Which format and language a client wants.

Spec: http://hl7.org/fhir/R4/http.html#mime-type and RFC 9110 section 12.5
"""

from __future__ import annotations

from functools import lru_cache

from ..errors import FhirError
from ..exchange.patching import FORMATS

FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
JSON = "application/json"
HTML = "text/html"
# What a client may ask for, and what it gets.
ANSWERS = {
    FHIR_JSON: FHIR_JSON,
    JSON: JSON,
    "json": FHIR_JSON,
    "text/json": JSON,
    "application/json+fhir": FHIR_JSON,
    FHIR_XML: FHIR_XML,
    "application/xml": "application/xml",
    "xml": FHIR_XML,
    "text/xml": "text/xml",
    "application/xml+fhir": FHIR_XML,
    HTML: JSON,  # a browser gets JSON to look at, indented
    "html": JSON,
}
ANY = frozenset({"*/*", "application/*"})
XMLS = frozenset({FHIR_XML, "application/xml", "text/xml"})
JSON_BODIES = frozenset({FHIR_JSON, JSON, "text/json", "application/json+fhir"})
XML_BODIES = XMLS | {"application/xml+fhir"}
BODIES = JSON_BODIES | XML_BODIES
PATCHES = BODIES | {*FORMATS}
EXPECTED = f"{FHIR_JSON}, {FHIR_XML}, {JSON}, application/xml"
VERSIONS = frozenset({"", "4.0", "4.0.1"})
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


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
def answer_type(accept: bytes, format_: str, content_type: str = "") -> tuple[str, bool]:
    """The media type of the answer, and whether a browser will show it.

    `_format` wins over Accept. Where neither names a format, it is that of the body.
    Errors: media-not-acceptable.
    """
    own = FHIR_XML if content_type.partition(";")[0].strip().lower() in XML_BODIES else FHIR_JSON
    if format_:
        # An unencoded + of application/fhir+json arrives as a space.
        name = format_.partition(";")[0].strip().lower().replace(" ", "+")
        if name in ANSWERS:
            return ANSWERS[name], name in (HTML, "html")
        raise FhirError("media-not-acceptable", expected=EXPECTED)
    if not accept:
        return own, False
    for name, version in ranked(accept.decode("latin-1")):
        if version in VERSIONS:
            if name in ANSWERS:
                return ANSWERS[name], name == HTML
            if name in ANY:
                return own, False
            if name == "text/*":
                return JSON, True
    raise FhirError("media-not-acceptable", expected=EXPECTED)


@lru_cache(1024)
def body_format(content_type: str) -> str:
    """ "json" or "xml". Errors: media-unsupported, media-charset."""
    return "xml" if _body_type(content_type, BODIES, EXPECTED) in XML_BODIES else "json"


def patch_type(content_type: str) -> str:
    """The media type of a patch. Errors: media-unsupported with Accept-Patch, media-charset."""
    try:
        return _body_type(content_type, PATCHES, ", ".join(FORMATS))
    except FhirError as error:
        error.headers["Accept-Patch"] = ", ".join(FORMATS)
        raise


def _body_type(content_type: str, known: frozenset[str], expected: str) -> str:
    # A client that sets the header twice, as @medplum/core lets one do, sends a list of two.
    name, _, parameters = content_type.partition(",")[0].partition(";")
    name = name.strip().lower()
    if name not in known:
        raise FhirError("media-unsupported", expected=expected)
    for parameter in parameters.split(";"):
        key, _, value = parameter.strip().partition("=")
        key, value = key.strip().lower(), value.strip('" ').lower()
        if key == "charset" and value not in CHARSETS:
            raise FhirError("media-charset")
        if key == "fhirversion" and value not in VERSIONS:
            raise FhirError("media-unsupported", expected=f"{expected}; fhirVersion=4.0")
    return name


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
