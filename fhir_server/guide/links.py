"""Where an address leads: to a page of the guide, to the R4 specification, or nowhere."""

from __future__ import annotations

from typing import NamedTuple

from ..definitions import r4
from ..model.canonical import BASE
from .library import Library
from .texts import NONE, Text

R4 = "http://hl7.org/fhir/R4/"
_CORE = "http://hl7.org/fhir/"
_OWN_PAGES = {
    "Extension": "extensibility.html", "Reference": "references.html", "Dosage": "dosage.html",
    "Narrative": "narrative.html#Narrative", "Meta": "resource.html#Meta",
    "ElementDefinition": "elementdefinition.html", "Resource": "resource.html",
    "DomainResource": "domainresource.html", "xhtml": "narrative.html#xhtml",
}  # fmt: skip
_METADATA = {
    "ContactDetail", "Contributor", "DataRequirement", "Expression", "ParameterDefinition",
    "RelatedArtifact", "TriggerDefinition", "UsageContext",
}  # fmt: skip


class Link(NamedTuple):
    """`href` is empty where there is nothing to lead to; `outside` for another site."""

    name: str
    href: str = ""
    title: Text = NONE
    outside: bool = False


def type_link(code: str) -> Link:
    """A type of R4."""
    if code.startswith("http://hl7.org/fhirpath/System."):
        code = code.rpartition(".")[2].lower()
    if code in _OWN_PAGES:
        return Link(code, R4 + _OWN_PAGES[code], outside=True)
    if code in _METADATA:
        return Link(code, f"{R4}metadatatypes.html#{code}", outside=True)
    if r4().is_resource(code):
        return Link(code, f"{R4}{code.lower()}.html", outside=True)
    if r4().type(code) is not None:
        return Link(code, f"{R4}datatypes.html#{code}", outside=True)
    return Link(code)


def canonical_link(library: Library, url: str) -> Link:
    """The resource of an address, of this guide or of R4."""
    plain = url.partition("|")[0]
    entry = library.canonical(plain)
    if entry is not None:
        return Link(entry.id, entry.page, entry.title)
    kind, _, ident = plain.removeprefix(_CORE).partition("/")
    if plain.startswith(BASE):
        return Link(plain)  # ours, but not in this package
    if plain.startswith("http://terminology.hl7.org/ValueSet/v3-"):
        name = plain.rpartition("/v3-")[2]
        return Link(f"v3-{name}", f"{R4}v3/{name}/vs.html", outside=True)
    if plain.startswith("http://terminology.hl7.org/CodeSystem/v3-"):
        name = plain.rpartition("/v3-")[2]
        return Link(f"v3-{name}", f"{R4}v3/{name}/cs.html", outside=True)
    if plain.startswith("http://terminology.hl7.org/CodeSystem/v2-"):
        name = plain.rpartition("/v2-")[2]
        return Link(f"v2-{name}", f"{R4}v2/{name}/index.html", outside=True)
    if plain.startswith("http://terminology.hl7.org/CodeSystem/"):
        name = plain.rpartition("/")[2]
        return Link(name, f"{R4}codesystem-{name}.html", outside=True)
    if not plain.startswith(_CORE):
        return Link(plain)
    if kind == "StructureDefinition":
        found = type_link(ident)
        return found if found.href else Link(ident, f"{R4}extension-{ident}.html", outside=True)
    if kind == "ValueSet":
        return Link(ident, f"{R4}valueset-{ident}.html", outside=True)
    name = ident or kind
    return Link(name, f"{R4}codesystem-{name.lower()}.html", outside=True)


def reference_link(library: Library, reference: str, display: str = "") -> Link:
    """What a Reference of an example leads to."""
    entry = library.at(reference.partition("/_history/")[0])
    if entry is None:
        return Link(display or reference)
    return Link(display or entry.title.first or reference, entry.page, entry.title)
