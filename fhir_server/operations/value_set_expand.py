"""$expand: the codes of a value set."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.operation import In, Operation, Values
from ..model.dates import instant, now
from ..terminology.expansion import Entry, Expander, Used, Versions, Wanted
from ..terminology.matching import TextFilter
from ..terminology.nesting import nested
from ..terminology.validating import in_language, speaks
from .terms import LANGUAGE, URL, pairs_of, value_set_of

UNCLOSED = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"
DROPPED = ("text", "meta", "contained", "compose", "expansion", "implicitRules")
# What an expansion says of how it was made. Shape: parameter to the property of its value.
SAID = {
    "filter": "valueString",
    "date": "valueDateTime",
    "offset": "valueInteger",
    "count": "valueInteger",
    "includeDesignations": "valueBoolean",
    "designation": "valueString",
    "includeDefinition": "valueBoolean",
    "activeOnly": "valueBoolean",
    "excludeNested": "valueBoolean",
    "excludeNotForUI": "valueBoolean",
    "excludePostCoordinated": "valueBoolean",
    "displayLanguage": "valueCode",
    "exclude-system": "valueUri",
    "system-version": "valueUri",
    "check-system-version": "valueUri",
    "force-system-version": "valueUri",
}


async def expand(call: Call, values: Values) -> Reply:
    """The value set with its expansion; in pages with `offset` and `count`.

    Codes of a code system that is here only in part are listed, and the expansion says that it is
    not closed.

    Spec: http://hl7.org/fhir/R4/valueset-operation-expand.html
    Errors: terminology-*, value-set-*, read-unknown, read-deleted.
    """
    value_set = await value_set_of(call, values)
    wanted = _wanted(values)
    expander = call.service.terminology.expander(wanted)
    try:
        total, entries = await expander.page(value_set)
    except FhirError as error:
        if error.code == "terminology-unknown":
            raise FhirError("value-set-import", "ValueSet.compose") from None
        raise
    return Reply.of(200, _answer(value_set, values, expander, total, entries))


def _wanted(values: Values) -> Wanted:
    """Errors: terminology-parameters."""
    typed = values.one("filter")
    return Wanted(
        text=TextFilter(typed) if typed else None,
        active_only=values.one("activeOnly", False),
        selectable_only=values.one("excludeNotForUI", False),
        offset=values.one("offset", 0),
        count=values.one("count"),
        exclude=tuple(values.all("exclude-system")),
        versions=Versions(
            pairs_of(values.all("system-version")),
            pairs_of(values.all("check-system-version")),
            pairs_of(values.all("force-system-version")),
        ),
        partial=True,
    )


def _answer(
    value_set: Json, values: Values, expander: Expander, total: int, entries: Sequence[Entry]
) -> Json:
    used = expander.used
    dropped = DROPPED[:3] + DROPPED[4:] if values.one("includeDefinition") else DROPPED
    out = {k: v for k, v in value_set.items() if k not in dropped and not k.startswith("_")}
    out.setdefault("status", "active")
    expansion: Json = {
        **({"extension": [{"url": UNCLOSED, "valueBoolean": True}]} if used.partial else {}),
        "identifier": uuid.uuid4().urn,
        "timestamp": instant(now()),
        "total": total,
    }
    paged = values.one("offset") is not None or values.one("count") is not None
    if paged:
        expansion["offset"] = values.one("offset", 0)
    said = _said(values, used)
    if said:
        expansion["parameter"] = said
    several = _several(used)
    rows = [_row(entry, values, used, entry.system in several) for entry in entries]
    if values.one("excludeNested") is False and not paged and not values.one("filter"):
        systems = {system.url: system for system in used.systems.values() if system is not None}
        rows = nested(rows, systems)
    if rows:
        expansion["contains"] = rows
    return {**out, "expansion": expansion}


def _several(used: Used) -> set[str]:
    """The code systems of which more than one version was used."""
    urls = [canonical.partition("|")[0] for canonical in used.systems]
    return {url for url in urls if urls.count(url) > 1}


def _said(values: Values, used: Used) -> list[Json]:
    out = [{"name": name, key: value} for name, key in SAID.items() for value in values.all(name)]
    for name, found in (
        ("version", [c for c in used.systems if "|" in c]),
        ("used-codesystem", list(used.systems)),
        ("used-valueset", list(used.sets)),
        ("used-fragment", list(used.partial)),
    ):
        out += [{"name": name, "valueUri": canonical} for canonical in found]
    return out


def _row(entry: Entry, values: Values, used: Used, versioned: bool) -> Json:
    out: Json = {"system": entry.system} if entry.system else {}
    if entry.abstract:
        out["abstract"] = True
    if entry.inactive:
        out["inactive"] = True
    if versioned and entry.version:
        out["version"] = entry.version
    out["code"] = entry.code
    canonical = f"{entry.system}|{entry.version}" if entry.version else entry.system
    system = used.systems.get(canonical)
    own = system.header.get("language") if system is not None else None
    display = in_language(entry.display, entry.designations, own, values.one("displayLanguage", ""))
    if display:
        out["display"] = display
    designations = _designations(entry, values)
    if designations:
        out["designation"] = designations
    return out


def _designations(entry: Entry, values: Values) -> list[Json]:
    tokens = values.all("designation")
    included = values.one("includeDesignations", bool(tokens))
    if not included:
        return []
    found: list[Any] = []
    for each in entry.designations:
        kept = {k: v for k, v in each.items() if k in ("language", "use", "value")}
        if "value" in kept and kept not in found and _chosen(each, tokens):
            found.append(kept)
    return found


def _chosen(designation: Json, tokens: Sequence[str]) -> bool:
    """By the token of a language (`urn:ietf:bcp:47|zh`, or bare) or of a use."""
    if not tokens:
        return True
    use = designation.get("use", {})
    for token in tokens:
        system, bar, code = token.rpartition("|")
        if system in ("", "urn:ietf:bcp:47") and speaks(designation.get("language"), code):
            return True
        if use.get("code") == code and (not bar or use.get("system", "") == system):
            return True
    return False


OPERATION = Operation(
    code="expand",
    definition="http://hl7.org/fhir/OperationDefinition/ValueSet-expand",
    resource_types=("ValueSet",),
    levels=("type", "instance"),
    run=expand,
    parameters={
        "url": URL,
        "valueSet": In("Resource", "随请求给出的值集 / a value set sent along"),
        "valueSetVersion": In("string", "值集的版本 / the version of the value set"),
        "context": In("uri", "[profile]#[元素路径] / [profile]#[path of the element]"),
        "contextDirection": In("code", "incoming | outgoing"),
        "filter": In("string", "文字、拼音或拼音首字母 / text, Pinyin or its initials"),
        "date": In("dateTime", "按此日期之前的版本 / by the versions from before this date"),
        "offset": In("unsignedInt", "从第几条开始 / where the page begins"),
        "count": In("unsignedInt", "每页条数，0 只要总数 / codes of a page; 0: only the total"),
        "includeDesignations": In("boolean", "带其他名称 / with designations"),
        "designation": In("string", "名称的语言或用途 / languages or uses of these", many=True),
        "includeDefinition": In("boolean", "带值集的定义 / with the definition"),
        "activeOnly": In("boolean", "不要停用的代码 / without inactive codes"),
        "excludeNested": In("boolean", "false：按层级嵌套 / false: nested by the hierarchy"),
        "excludeNotForUI": In("boolean", "只要可选的代码 / only codes that can be chosen"),
        "excludePostCoordinated": In("boolean", "从不列出后组式代码 / there never are any"),
        "displayLanguage": LANGUAGE,
        "exclude-system": In("canonical", "不要的代码系统 / systems to leave out", many=True),
        "system-version": In("canonical", "未指明时的版本 / where none is stated", many=True),
        "check-system-version": In("canonical", "须为此版本 / must be this one", many=True),
        "force-system-version": In("canonical", "一律用此版本 / always this one", many=True),
    },
    description=("展开值集", "the codes of a value set"),
)
