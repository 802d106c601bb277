"""capabilities: what this server can do, built from what is registered."""

from __future__ import annotations

import asyncio
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
from ..search.clauses import MODIFIERS
from ..search.cursors import CURSOR
from ..search.limits import MAX_DEPTH
from ..search.parameters import OWN, SPECIAL, Parameter
from ..search.query import RESULT
from ..search.support import common, supports
from ..search.values import PREFIXES
from .terminology_capabilities import terminology_capabilities

TYPE_CODES = ("create", "search-type", "history-type")
SYSTEM_CODES = ("transaction", "batch", "search-system", "history-system")
INSTANCE_CODES = ("read", "vread", "update", "patch", "delete", "history-instance")
ENFORCED: dict[str, tuple[str, ...]] = {"off": (), "delete": (), "write": ("enforced",)}
# What R4 has no elements for.
DOCUMENTATION = (
    "Prefer: return, handling=lenient, respond-async (with wait) for searches, histories, reading"
    " operations, batch and transaction. Parameters _summary, _elements, _format, _pretty."
    " Content-Encoding gzip, br, zstd, deflate both ways. X-Provenance, X-Request-Id, Forwarded,"
    " X-Forwarded-*."
)
# Where the elements of a parameter have no text, type or hierarchy, those modifiers are refused.
SEARCHES = (
    " Modifiers: "
    + "; ".join(f"{k} {' '.join(':' + m for m in each)}" for k, each in MODIFIERS.items())
    + "; reference also :[type]. Prefixes of date, number and quantity: "
    + " ".join(PREFIXES)
    + ". Result parameters: "
    + " ".join(n for n in RESULT if n != CURSOR)
    + "; _include and _revinclude with :iterate. Chains and _has of any depth up to "
    + f"{MAX_DEPTH}."
)
_started = instant(now())
_cache: dict[tuple[int, int, str], bytes] = {}


async def capabilities(call: Call) -> Reply:
    """Spec: http://hl7.org/fhir/R4/http.html#capabilities. The bytes are made once an address.

    304 for a client that has this statement already. `mode=terminology`: what the terminology
    service can do; other modes mean this statement.
    """
    if ("mode", "terminology") in call.pairs:
        return await terminology_capabilities(call)
    # A search parameter that is added, ready or gone changes the statement.
    key = (id(call.service), call.service.registry.generation, call.base)
    body = _cache.get(key)
    if body is None:
        if len(_cache) > 100:  # addresses come from the Host header, which anybody can make up
            _cache.clear()
        for each in call.service.definitions.resource_types:
            call.service.registry.of(each)  # compiled on first use; others are served meanwhile
            await asyncio.sleep(0)
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
        "instantiates": ["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "software": {"name": "fhir-referral-server", "version": __version__},
        "implementation": {"description": "双向转诊 FHIR R4", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "patchFormat": list(FORMATS),
        "rest": [
            {
                "mode": "server",
                "documentation": DOCUMENTATION + SEARCHES,
                "resource": [_resource(service, t) for t in service.definitions.resource_types],
                **_system(service),
                "compartment": _compartments(service),
                **_operations(operations_of(service, "", "system")),
            }
        ],
    }


def _resource(service: Service, resource_type: str) -> dict[str, Any]:
    parameters = service.registry.of(resource_type)
    listed = _parameters(service, resource_type)
    references = [p.code for p in parameters.values() if p.kind == "reference"]
    include = ["*", f"{resource_type}:*"] * bool(references)
    include += [f"{resource_type}:{code}" for code in sorted(references)]
    pointing = _rev_includes(service, resource_type)
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
        "referencePolicy": ["literal", "logical", "local", *ENFORCED[service.integrity]],
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "multiple" if service.limits.conditional_deletes > 1 else "single",
        **({"searchInclude": include} if include else {}),
        **pointing,
        # Where nothing can point to it, there is no `_has` either.
        "searchParam": [p for p in _common(service) if pointing or p["name"] != "_has"] + listed,
        **_operations(both),
    }


def _common(service: Service) -> list[dict[str, Any]]:
    """Parameters of every type that are no elements. Spec: search.html#all"""
    served = common(service.store)
    special = [(code, kind) for code, kind in SPECIAL.items() if served[code]]
    return [{"name": code, "type": kind} for code, kind in (*OWN.items(), *special)]


def _parameters(service: Service, resource_type: str) -> list[dict[str, Any]]:
    known = service.registry.of(resource_type).values()
    served = [p for p in known if supports(service.store, p)]
    return [_parameter(p) for p in sorted(served, key=lambda p: p.code)]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = "special" if parameter.kind == "position" else parameter.kind
    return {"name": parameter.code, "definition": parameter.url, "type": kind}


def _system(service: Service) -> dict[str, Any]:
    """A store that searches one type at a time has no search of the whole system."""
    served = "types" in service.store.capabilities
    codes = [c for c in SYSTEM_CODES if served or c != "search-system"]
    return {
        "interaction": [{"code": code} for code in codes],
        **({"searchParam": _system_parameters(service)} if served else {}),
    }


def _system_parameters(service: Service) -> list[dict[str, Any]]:
    """What a search of all types takes. Spec: http.html#vsearch"""
    listed = _parameters(service, "Resource")
    return [{"name": "_type", "type": "token"}, *_common(service), *listed]


def _compartments(service: Service) -> list[str]:
    base = "http://hl7.org/fhir/CompartmentDefinition"
    return [f"{base}/{name.lower()}" for name in sorted(service.definitions.compartments)]


def _rev_includes(service: Service, resource_type: str) -> dict[str, Any]:
    found = sorted(
        f"{source}:{p.code}"
        for source in service.definitions.resource_types
        for p in service.registry.of(source).values()
        if p.kind == "reference" and (resource_type in p.targets or not p.targets)
    )
    return {"searchRevInclude": found} if found else {}


def _operations(operations: list[Operation]) -> dict[str, Any]:
    unique = {o.code: {"name": o.code, "definition": o.definition} for o in operations}
    return {"operation": list(unique.values())} if unique else {}
