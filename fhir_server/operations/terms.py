"""What the operations of the terminology service have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import FhirError
from ..exchange import Call
from ..exchange.call import Json
from ..exchange.operation import In, Values
from ..exchange.reading import live
from ..terminology import System
from ..terminology.expansion import Versions
from ..terminology.sources import Kind
from ..terminology.validating import Asked

URL = In("uri", "值集或代码系统的 canonical，可带 |版本 / its canonical, perhaps with |version")
DATE = In("dateTime", "按此日期之前的版本 / by the versions from before this date")
LANGUAGE = In("code", "显示名称的语言 / the language of displays")
ABSTRACT = In("boolean", "抽象代码是否可用 / whether abstract codes will do")
# Of both $validate-code.
CODED: dict[str, In] = {
    "code": In("code", "代码 / the code"),
    "display": In("string", "要核对的名称 / the display to check"),
    "coding": In("Coding", "要判断的 Coding / the coding to judge"),
    "codeableConcept": In("CodeableConcept", "其中之一有效即可 / one right coding will do"),
    "date": DATE,
    "abstract": ABSTRACT,
    "displayLanguage": LANGUAGE,
}


def parameters(*rows: tuple[str, str, Any]) -> Json:
    """A Parameters resource. Shape of a row: name, property, value; an empty value is left out."""
    held = [
        {"name": name, key: value} for name, key, value in rows if value not in (None, "", [], {})
    ]
    return {"resourceType": "Parameters", **({"parameter": held} if held else {})}


def inline(call: Call, values: Values, name: str, kind: Kind) -> Json | None:
    """A resource that is sent along. Errors: parameter-value, structure-*."""
    found: Json | None = values.one(name)
    if found is None:
        return None
    if found.get("resourceType") != kind:
        raise FhirError("parameter-value", name=name, expected=kind)
    issues = call.service.structure.check(found, kind)
    if issues:
        raise FhirError.of(issues)
    return found


async def by_id(call: Call, kind: Kind) -> Json:
    """Of the store, or a file of the product. Errors: read-unknown, read-deleted."""
    found = await call.service.terminology.read(kind, call.id)
    if found is not None:
        return found
    return live(await call.service.store.current(kind, call.id), kind).resource


def canonical(values: Values, name: str = "url", version: str = "") -> tuple[str, str]:
    """A url and the version that it, or a parameter of its own, states."""
    url, _, stated = str(values.one(name, "")).partition("|")
    return url, stated or (str(values.one(version, "")) if version else "")


async def value_set_of(call: Call, values: Values) -> Json:
    """By id, inline, by url, or as the binding of an element.

    Errors: terminology-parameters, value-set-unknown, terminology-ecl, terminology-date.
    """
    if call.id:
        return await by_id(call, "ValueSet")
    given = inline(call, values, "valueSet", "ValueSet")
    if given is not None:
        return given
    url, version = canonical(values, version="valueSetVersion")
    if not url and values.one("context"):
        url, _, version = (await _bound(call, values.one("context"))).partition("|")
    if not url:
        expected = "url | valueSet | context | ValueSet/[id]"
        raise FhirError("terminology-parameters", expected=expected)
    return await known_set(call, f"{url}|{version}" if version else url, date_of(values))


async def known_set(call: Call, url: str, on: str = "") -> Json:
    """Errors: value-set-unknown, terminology-ecl, terminology-date."""
    try:
        return await call.service.terminology.value_set(url, on)
    except FhirError as error:
        if error.code == "terminology-unknown":
            raise FhirError("value-set-unknown", "url") from None
        raise


async def _bound(call: Call, context: str) -> str:
    """The value set that an element is bound to: `[StructureDefinition url]#[path]`.

    Errors: value-set-unknown.
    """
    url, _, path = context.partition("#")
    profile = await call.service.profiles.ask(lambda validator: validator.scope.profile(url))
    for view in ("snapshot", "differential"):
        for element in ((profile or {}).get(view) or {}).get("element", ()):
            if path in (element.get("path"), element.get("id")) and "binding" in element:
                found = element["binding"].get("valueSet")
                if found:
                    return str(found)
    parent, _, name = path.rpartition(".")
    owner = call.service.definitions.type(parent) if parent else None
    bound = owner.elements.get(name.removesuffix("[x]")) if owner is not None else None
    if bound is None or not bound.value_set:
        raise FhirError("value-set-unknown", "context")
    return bound.value_set


def codings_of(
    values: Values, system: str = "system", version: str = "version", *, bare: bool = False
) -> list[Json]:
    """What is asked about: `code` with its system, `coding`, or those of `codeableConcept`.

    `bare`: the code system is known otherwise. Errors: terminology-parameters.
    """
    given = [name for name in ("code", "coding", "codeableConcept") if values.one(name) is not None]
    if len(given) != 1 or (given == ["code"] and not bare and not values.one(system)):
        expected = f"code + {system} | coding | codeableConcept"
        raise FhirError("terminology-parameters", expected=expected)
    if given == ["code"]:
        url, stated = canonical(values, system, version)
        rows = (("system", url), ("version", stated), ("code", values.one("code")))
        return [{k: v for k, v in (*rows, ("display", values.one("display"))) if v}]
    if given == ["coding"]:
        return [values.one("coding")]
    found: list[Json] = values.one("codeableConcept").get("coding", [])
    return found


def date_of(values: Values) -> str:
    return str(values.one("date", ""))


def asked_of(values: Values) -> Asked:
    return Asked(
        values.one("abstract"), values.one("displayLanguage", ""), Versions(), date_of(values)
    )


def pairs_of(found: Sequence[str]) -> Mapping[str, str]:
    """`system|version` each. Errors: terminology-parameters."""
    out = {}
    for each in found:
        system, bar, version = each.partition("|")
        if not (system and bar and version):
            raise FhirError("terminology-parameters", expected="[system]|[version]")
        out[system] = version
    return out


async def system_of(
    call: Call, values: Values, name: str = "system", given: str = "codeSystem"
) -> tuple[System | None, str]:
    """The code system by id, inline or by url, and its url. None where it is not known here.

    Errors: terminology-parameters, terminology-date.
    """
    terminology = call.service.terminology
    resource = await by_id(call, "CodeSystem") if call.id else None
    resource = resource or inline(call, values, given, "CodeSystem")
    if resource is not None:
        return await terminology.system_of(resource), resource.get("url", "")
    url, version = canonical(values, name, "version")
    if not url:
        expected = f"{name} | CodeSystem/[id]"
        raise FhirError("terminology-parameters", expected=expected)
    return await terminology.code_system(url, version, date_of(values)), url


async def known_system(call: Call, values: Values, name: str = "system") -> System:
    """Errors: as `system_of`, and code-system-unknown."""
    found, _ = await system_of(call, values, name)
    if found is None or not len(found):
        raise FhirError("code-system-unknown", name)
    return found


def no_code(system: System) -> FhirError:
    """A code that a code system does not have, or not here."""
    kind = "code-unknown" if system.complete else "code-not-here"
    return FhirError(kind, "code", expected=system.url)
