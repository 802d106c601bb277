"""$translate: a code as the codes of another code system."""

from __future__ import annotations

from ..errors import FhirError, define
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.operation import In, Operation, Values
from ..exchange.parameters import PARTS
from ..terminology.translating import Match, Translation, Wish, translate, translate_back
from ..terminology.validating import Asked, Checker
from .terms import by_id, canonical, codings_of, inline, known_set

define(
    "translate-none", "not-found", 200,
    "没有对应的代码", "there is no translation",
)  # fmt: skip
define(
    "translate-depends", "required", 200,
    "另有对应取决于：{expected}", "further matches depend on: {expected}",
)  # fmt: skip


async def translate_code(call: Call, values: Values) -> Reply:
    """By the map that is named, or by all maps between the code systems.

    `reverse`: which codes lead to this one; an equivalence is turned round with it.

    Spec: http://hl7.org/fhir/R4/conceptmap-operation-translate.html
    Errors: terminology-parameters, concept-map-unknown, value-set-unknown, read-unknown.
    """
    codings = [c for c in codings_of(values) if c.get("system") and c.get("code")]
    if not codings:
        raise FhirError("terminology-parameters", expected="coding.system + coding.code")
    reverse = values.one("reverse", False)
    dependencies = _dependencies(values)
    target_system = canonical(values, "targetsystem")[0]
    out = Translation()
    for coding in codings:
        wish = Wish(
            coding["system"], coding["code"], coding.get("version", ""), target_system, dependencies
        )
        for each in await _maps(call, values, wish, reverse):
            if reverse:
                translate_back(each, wish, out)
            else:
                await translate(each, wish, lambda url: _map(call, url), out)
    matches = await _within(call, values, out.matches)
    return Reply.of(200, _answer(matches, out))


async def _maps(call: Call, values: Values, wish: Wish, reverse: bool) -> list[Json]:
    """Errors: concept-map-unknown, read-unknown, parameter-value."""
    if call.id:
        return [await by_id(call, "ConceptMap")]
    given = inline(call, values, "conceptMap", "ConceptMap")
    if given is not None:
        return [given]
    url, version = canonical(values, version="conceptMapVersion")
    if url:
        found = await _map(call, f"{url}|{version}" if version else url)
        if found is None:
            raise FhirError("concept-map-unknown", "url")
        return [found]
    sources = call.service.terminology.sources
    every = [m for s in sources for m in await s.maps(wish.system, to=reverse)]
    wanted = canonical(values, "target" if reverse else "source")[0]
    every = [m for m in every if m.get("status") != "retired" and _of_set(m, "source", wanted)]
    return _first_of_each(every)


def _of_set(concept_map: Json, side: str, url: str) -> bool:
    """Is it a map from this value set? One that names none is from any."""
    stated = concept_map.get(f"{side}Canonical") or concept_map.get(f"{side}Uri") or ""
    return not url or not stated or stated.partition("|")[0] == url


def _first_of_each(maps: list[Json]) -> list[Json]:
    """Of one map in several sources or versions the first."""
    held: dict[str, Json] = {}
    for each in maps:
        held.setdefault(each.get("url") or f"#{id(each)}", each)
    return list(held.values())


async def _map(call: Call, url: str) -> Json | None:
    terminology = call.service.terminology
    plain, _, version = url.partition("|")
    found = await terminology.resource("ConceptMap", plain, version)
    return found or await terminology.literal("ConceptMap", url)


async def _within(call: Call, values: Values, matches: list[Match]) -> list[Match]:
    """Those whose code is in the value set that is asked for.

    Errors: value-set-unknown.
    """
    name = "source" if values.one("reverse", False) else "target"
    if not values.one(name):
        return matches
    try:
        value_set = await known_set(call, str(values.one(name)))
    except FhirError:
        if not any(m.concept for m in matches):
            return matches
        raise
    checker = Checker(call.service.terminology, Asked(abstract=True))
    return [m for m in matches if m.concept is None or await _holds(checker, value_set, m.concept)]


async def _holds(checker: Checker, value_set: Json, concept: Json) -> bool:
    """A code that cannot be judged is kept: the map says that it is one."""
    bare = {k: v for k, v in concept.items() if k in ("system", "code")}
    try:
        return (await checker.in_set(value_set, bare)).result
    except FhirError as error:
        return error.code in ("code-system-unknown", "terminology-incomplete")


def _dependencies(values: Values) -> dict[str, list[Json]]:
    """Shape: {element uri: codings}; a text without coding counts as {"text": …}."""
    out: dict[str, list[Json]] = {}
    for parts in values.all("dependency"):
        held = {p.get("name"): p for p in parts}
        element = held.get("element", {}).get("valueUri", "")
        concept = held.get("concept", {}).get("valueCodeableConcept", {})
        codings = list(concept.get("coding", ()))
        if "text" in concept:
            codings.append({"text": concept["text"]})
        out.setdefault(element, []).extend(codings)
    return out


def _answer(matches: list[Match], out: Translation) -> Json:
    result = any(m.found for m in matches)
    rows: list[Json] = [{"name": "result", "valueBoolean": result}]
    said = []
    if not result:
        said.append(FhirError("translate-none"))
    if out.unmet:
        said.append(FhirError("translate-depends", expected=", ".join(out.unmet)))
    if said:
        texts = [f"{e.issues[0].text('zh')} / {e.issues[0].text('en')}" for e in said]
        rows.append({"name": "message", "valueString": "; ".join(texts)})
    rows += [{"name": "match", "part": _parts(m)} for m in matches]
    return {"resourceType": "Parameters", "parameter": rows}


def _parts(match: Match) -> list[Json]:
    parts: list[Json] = [{"name": "equivalence", "valueCode": match.equivalence}]
    if match.concept:
        parts.append({"name": "concept", "valueCoding": match.concept})
    for each in match.products:
        product = [
            {"name": "element", "valueUri": each["property"]},
            {"name": "concept", "valueCoding": each["concept"]},
        ]
        parts.append({"name": "product", "part": product})
    if match.source:
        parts.append({"name": "source", "valueUri": match.source})
    return parts


OPERATION = Operation(
    code="translate",
    definition="http://hl7.org/fhir/OperationDefinition/ConceptMap-translate",
    resource_types=("ConceptMap",),
    levels=("type", "instance"),
    run=translate_code,
    parameters={
        "url": In("uri", "概念映射的 canonical / the canonical of the map"),
        "conceptMap": In("Resource", "随请求给出的映射 / a map sent along"),
        "conceptMapVersion": In("string", "映射的版本 / the version of the map"),
        "code": In("code", "代码 / the code"),
        "system": In("uri", "代码系统 / the code system"),
        "version": In("string", "其版本 / its version"),
        "source": In("uri", "代码来自的值集 / the value set the code is from"),
        "coding": In("Coding", "代码及其系统 / the code with its system"),
        "codeableConcept": In("CodeableConcept", "逐个翻译 / each of its codings"),
        "target": In("uri", "目标值集 / the value set to translate to"),
        "targetsystem": In("uri", "目标代码系统 / the code system to translate to"),
        "dependency": In(PARTS, "element, concept：所依赖的元素 / what it depends on", many=True),
        "reverse": In("boolean", "反向 / which codes lead to this one"),
    },
    description=("在代码系统之间转换", "a code as those of another code system"),
)
