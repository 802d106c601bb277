"""$meta, $meta-add, $meta-delete: profiles, tags and security labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.attempts import Decision, carry_out_in_turn
from ..exchange.call import Json
from ..exchange.operation import ANY, In, Operation, Values
from ..exchange.preconditions import check_preconditions
from ..exchange.reading import live, version_of
from ..exchange.subset import is_marked
from ..exchange.writing import change, check
from ..storage.base import Stored

MAX_DISTINCT = 1000  # of each of the three, over a type or the whole server
TOKENS = {"security": "_security", "tag": "_tag"}


async def meta(call: Call, values: Values) -> Reply:
    """The meta of a resource or of one version; or all that are in use on a type or anywhere.

    Spec: http://hl7.org/fhir/R4/resource-operation-meta.html
    Errors: read-unknown, read-deleted, version-unknown, search-too-costly.
    """
    if call.id:
        return _answer((await _stored(call)).resource.get("meta", {}))
    store, limit = call.service.store, MAX_DISTINCT + 1
    types = [call.resource_type] if call.resource_type else call.service.definitions.resource_types
    out: Json = {}
    profiles = await store.values(types, "uri", "_profile", limit=limit)
    if profiles:
        out["profile"] = sorted(str(row[0]) for row in profiles)
    for name, code in TOKENS.items():
        rows = sorted(
            (str(s), str(v)) for s, v in await store.values(types, "token", code, limit=limit)
        )
        if rows:
            out[name] = [{"system": s, "code": v} if s else {"code": v} for s, v in rows]
    if any(len(each) > MAX_DISTINCT for each in out.values()):
        raise FhirError("search-too-costly")
    return _answer(out)


async def _stored(call: Call) -> Stored:
    if call.version:
        return await version_of(call.service, call.resource_type, call.id, call.version)
    current = await call.service.store.current(call.resource_type, call.id)
    return live(current, call.resource_type)


def _answer(found: Json) -> Reply:
    # An empty Meta is no valid value, so then the parameter is left without one.
    value = {"valueMeta": found} if found else {}
    return Reply.of(200, {"resourceType": "Parameters", "parameter": [{"name": "return", **value}]})


async def meta_add(call: Call, values: Values) -> Reply:
    """Add profiles, tags and labels. What is there already makes no new version.

    A profile is added where the resource keeps to it.
    Spec: http://hl7.org/fhir/R4/resource-operation-meta-add.html
    Errors: read-unknown, read-deleted, version-conflict, version-etag, valid-*, subsetted,
    reference-missing.
    """
    return await _change(call, values.one("meta"), _added)


async def meta_delete(call: Call, values: Values) -> Reply:
    """Take profiles, tags and labels away; what is not there is no error.

    Spec: http://hl7.org/fhir/R4/resource-operation-meta-delete.html
    Errors: as meta_add.
    """
    return await _change(call, values.one("meta"), _removed)


async def _change(
    call: Call, given: Json, combine: Callable[[list[Any], list[Any]], list[Any]]
) -> Reply:
    async def decide() -> Decision:
        current = await _stored(call)
        check_preconditions(current, if_match=call.if_match, at=call.resource_type)
        old = current.resource.get("meta", {})
        new = {**old}
        for name in ("profile", "security", "tag"):
            each = combine(old.get(name, []), given.get(name, []))
            new.pop(name, None)
            if each:
                new[name] = each
        if new == old:
            return Decision(_answer(old))
        resource = {**current.resource, "meta": new}
        # Who says of a resource that it keeps to a profile has to be right, as in an update.
        if set(new.get("profile", ())) - set(old.get("profile", ())) or is_marked(resource):
            await check(call, resource, call.resource_type)
        changed = change(call.service, resource, call.id, current.version + 1, "PUT")
        assert changed.resource is not None
        return Decision(_answer(changed.resource["meta"]), [changed])

    return await carry_out_in_turn(call, call.id, decide)


def _name(value: Any) -> Any:
    """What makes two entries the same: the uri, or system and code."""
    return (value.get("system"), value.get("code")) if type(value) is dict else value


def _added(old: list[Any], given: list[Any]) -> list[Any]:
    known = {_name(each) for each in old}
    return old + [each for each in given if _name(each) not in known]


def _removed(old: list[Any], given: list[Any]) -> list[Any]:
    gone = {_name(each) for each in given}
    return [each for each in old if _name(each) not in gone]


HL7 = "http://hl7.org/fhir/OperationDefinition/Resource-"
_META = {"meta": In("Meta", "profile, tag, security", required=True)}
OPERATION = Operation(
    code="meta",
    definition=HL7 + "meta",
    resource_types=(ANY,),
    levels=("system", "type", "instance", "version"),
    run=meta,
    description=(
        "使用中的 profile、标签和安全标签",
        "the profiles, tags and security labels in use",
    ),
)
ADD = Operation(
    code="meta-add",
    definition=HL7 + "meta-add",
    resource_types=(ANY,),
    levels=("instance",),
    run=meta_add,
    affects_state=True,
    parameters=_META,
    description=("添加 profile、标签和安全标签", "add profiles, tags and security labels"),
)
DELETE = Operation(
    code="meta-delete",
    definition=HL7 + "meta-delete",
    resource_types=(ANY,),
    levels=("instance",),
    run=meta_delete,
    affects_state=True,
    parameters=_META,
    description=("删除 profile、标签和安全标签", "remove profiles, tags and security labels"),
)
