"""$diff: the way from one version, or one resource, to another."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.difference import difference
from ..exchange.operation import ANY, In, Operation, Values
from ..exchange.reading import live, version_of
from ..model.canonical import operation_definition
from ..model.references import parse_reference
from ..storage.base import Stored


async def diff(call: Call, values: Values) -> Reply:
    """FHIRPath Patch that makes one state of a resource of another.

    On an instance: from `fromVersion` (the version before, unless given) to `toVersion` (the
    current one); on a version: to that version. On the system: from `from` to `to`, references to
    two resources of one type, with or without a version. `meta` counts only with `includeMeta`;
    ids never do. Applied to the one state the patch gives the other.

    Spec: OperationDefinition resource-diff in profiles/; after HAPI FHIR's $diff.
    Errors: parameter-*, read-unknown, version-unknown, read-deleted, type-mismatch.
    """
    if call.id:
        old, new = await _versions(call, values)
    else:
        old = await _named(call, "from", values.one("from"))
        new = await _named(call, "to", values.one("to"))
        if old.resource_type != new.resource_type:
            raise FhirError("type-mismatch", "to", expected=old.resource_type)
    skip = {"id"} if values.one("includeMeta") else {"id", "meta"}
    definitions = call.service.definitions
    found = difference(definitions, old.resource, new.resource, skip=frozenset(skip))
    return Reply.of(200, found)


async def _versions(call: Call, values: Values) -> tuple[Stored, Stored]:
    if call.version or values.one("toVersion"):
        new = await _version(call, call.version or values.one("toVersion"))
    else:
        current = await call.service.store.current(call.resource_type, call.id)
        new = live(current, call.resource_type)
    asked = values.one("fromVersion")
    if asked:
        return await _version(call, asked), new
    # Before the first version there is nothing: then the version is compared with itself.
    return await _version(call, str(max(1, new.version - 1))), new


async def _version(call: Call, text: str) -> Stored:
    return await version_of(call.service, call.resource_type, call.id, text)


async def _named(call: Call, name: str, reference: dict[str, str] | None) -> Stored:
    if reference is None:
        raise FhirError("parameter-missing", name=name)
    target = parse_reference(reference.get("reference", ""), call.base)
    if target is None or not target.id or not call.service.definitions.is_resource(target.type):
        raise FhirError("parameter-value", name=name, expected="Type/id, Type/id/_history/version")
    if target.version:
        return await version_of(call.service, target.type, target.id, target.version)
    found = await call.service.store.current(target.type, target.id)
    if found is None:
        raise FhirError("read-unknown", name)
    return live(found, target.type)


_META = In("boolean", "meta 的变化也列出 / list changes of meta too")
OPERATION = Operation(
    code="diff",
    definition=operation_definition("resource-diff"),
    resource_types=(ANY,),
    levels=("instance", "version"),
    run=diff,
    parameters={
        "fromVersion": In("id", "从此版本，默认为前一版本 / from here; the version before"),
        "toVersion": In("id", "到此版本，默认为当前版本 / to here; the current version"),
        "includeMeta": _META,
    },
    description=("一个资源两个版本的差异", "the difference of two versions of a resource"),
)
SYSTEM = Operation(
    code="diff",
    definition=operation_definition("system-diff"),
    resource_types=(),
    levels=("system",),
    run=diff,
    parameters={
        "from": In("Reference", "Type/id[/_history/version]", required=True),
        "to": In("Reference", "Type/id[/_history/version]", required=True),
        "includeMeta": _META,
    },
    description=("两个同类资源的差异", "the difference of two resources of one type"),
)
