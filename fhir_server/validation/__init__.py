"""Is a resource what R4 and its profiles ask for?

from fhir_server.validation import Validator
issues = Validator().validate(resource, profiles=["http://hl7.org/fhir/StructureDefinition/bp"])
print([(i.severity, i.expression, i.text("zh")) for i in issues])
"""

from .validator import ValidationIssue, Validator

__all__ = ["ValidationIssue", "Validator"]
