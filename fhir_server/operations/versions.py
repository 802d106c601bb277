"""$versions: the FHIR versions this server speaks."""

from __future__ import annotations

from ..definitions import FHIR_VERSION
from ..exchange import Call, Reply
from ..exchange.operation import Operation, Values
from ..model.json import encode

SHORT = FHIR_VERSION.rpartition(".")[0]  # 4.0


async def versions(call: Call, values: Values) -> Reply:
    """Parameters; a plain JSON object where the client asks for application/json.

    Spec: http://hl7.org/fhir/R4/capabilitystatement-operation-versions.html
    """
    if call.media_type == "application/json":
        body = encode({"versions": [SHORT], "default": SHORT})
        return Reply(200, body, media_type=call.media_type)
    parameters = [{"name": "version", "valueCode": SHORT}, {"name": "default", "valueCode": SHORT}]
    return Reply.of(200, {"resourceType": "Parameters", "parameter": parameters})


OPERATION = Operation(
    code="versions",
    definition="http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions",
    resource_types=(),
    levels=("system",),
    run=versions,
    description=("支持的 FHIR 版本", "the FHIR versions supported"),
)
