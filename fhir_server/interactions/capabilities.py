"""capabilities: what this server can do, built from what is registered."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from .. import __version__
from ..definitions import FHIR_VERSION
from ..exchange import Call, Reply, Service
from ..exchange.conditional import names_etag
from ..exchange.operation import Operation, operations_of
from ..exchange.patching import FORMATS
from ..model.canonical import BASE
from ..model.dates import instant, now
from ..model.json import encode
from ..search.parameters import OWN

TYPE_CODES = ("create", "search-type", "history-type")
SYSTEM_CODES = ("transaction", "batch", "history-system")
INSTANCE_CODES = ("read", "vread", "update", "patch", "delete", "history-instance")
_started = instant(now())
_cache: dict[tuple[int, str], bytes] = {}


async def capabilities(call: Call) -> Reply:
    """Spec: http://hl7.org/fhir/R4/http.html#capabilities. The bytes are made once an address.

    304 for a client that has this statement already.
    """
    key = (id(call.service), call.base)
    body = _cache.get(key)
    if body is None:
        if len(_cache) > 100:  # addresses come from the Host header, which anybody can make up
            _cache.clear()
        body = _cache[key] = encode(statement(call.service, call.base))
    tag = f"{crc32(body):08x}"
    headers = {"ETag": f'W/"{tag}"'}
    if call.if_none_match and names_etag(call.if_none_match, tag):
        return Reply(304, None, headers=headers)
    return Reply(200, body, headers=headers)


def statement(service: Service, base: str) -> dict[str, Any]:
    """The CapabilityStatement. Spec: http://hl7.org/fhir/R4/capabilitystatement.html"""
    return {
        "resourceType": "CapabilityStatement",
        "id": "fhir-server",
        "url": f"{BASE}/CapabilityStatement/fhir-server",
        "version": __version__,
        "name": "FhirReferralServer",
        "title": "双向转诊 FHIR 服务器 / Two-way referral FHIR server",
        "status": "active",
        "date": _started,
        "kind": "instance",
        "software": {"name": "fhir-referral-server", "version": __version__},
        "implementation": {"description": "双向转诊 FHIR R4", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "patchFormat": list(FORMATS),
        "rest": [
            {
                "mode": "server",
                "resource": [_resource(service, t) for t in service.definitions.resource_types],
                "interaction": [{"code": code} for code in SYSTEM_CODES],
                **_operations(operations_of(service, "", "system")),
            }
        ],
    }


def _resource(service: Service, resource_type: str) -> dict[str, Any]:
    parameters = service.registry.of(resource_type)
    own = [{"name": code, "type": kind} for code, kind in OWN.items()]
    listed = [
        {"name": p.code, "definition": p.url, "type": p.kind}
        for p in sorted(parameters.values(), key=lambda p: p.code)
    ]
    references = [p.code for p in parameters.values() if p.kind == "reference"]
    include = [f"{resource_type}:{code}" for code in sorted(references)]
    both = [
        each
        for level in ("type", "instance")
        for each in operations_of(service, resource_type, level)
    ]
    return {
        "type": resource_type,
        "profile": f"http://hl7.org/fhir/StructureDefinition/{resource_type}",
        "interaction": [{"code": code} for code in INSTANCE_CODES + TYPE_CODES],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "multiple" if service.limits.conditional_deletes > 1 else "single",
        **({"searchInclude": include} if include else {}),
        **_rev_includes(service, resource_type),
        "searchParam": own + listed,
        **_operations(both),
    }


def _rev_includes(service: Service, resource_type: str) -> dict[str, Any]:
    found = sorted(
        f"{source}:{p.code}"
        for source in service.definitions.resource_types
        for p in service.registry.of(source).values()
        if p.kind == "reference" and resource_type in p.targets
    )
    return {"searchRevInclude": found} if found else {}


def _operations(operations: list[Operation]) -> dict[str, Any]:
    unique = {o.code: {"name": o.code, "definition": o.definition} for o in operations}
    return {"operation": list(unique.values())} if unique else {}
