"""FHIR XML to and from the plain dicts that everything else works on.

Spec: http://hl7.org/fhir/R4/xml.html
"""

from .codec import Xml

__all__ = ["Xml"]
