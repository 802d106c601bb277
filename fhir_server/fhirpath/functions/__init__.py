"""The functions, by group of the specification. Importing this package fills the table.

Spec: http://hl7.org/fhirpath/N1/#functions and http://hl7.org/fhir/R4/fhirpath.html#functions
"""

from . import (
    boundaries,
    combining,
    conversion,
    existence,
    fhir,
    filtering,
    maths,
    strings,
    subsetting,
    tree,
    utility,
)

__all__ = [
    "boundaries",
    "combining",
    "conversion",
    "existence",
    "fhir",
    "filtering",
    "maths",
    "strings",
    "subsetting",
    "tree",
    "utility",
]
