"""$lastn: the latest observations of a patient, so many of each code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, entries_of
from ..exchange.including import included
from ..exchange.operation import In, Operation, Values
from ..exchange.searching import compile_search
from ..search import Query
from ..storage.base import Stored

MAX_READ = 5000  # observations of one patient that are looked at
PATIENT = ("patient", "subject")


async def lastn(call: Call, values: Values) -> Reply:
    """Grouped by code, newest first; `max` of each code, one unless given, and more where some
    were taken at the same moment as the last of them. Observations are of one code when they share
    a coding.

    Any search parameter of Observation narrows it; one for the patient must be given.

    Spec: http://hl7.org/fhir/R4/observation-operation-lastn.html
    Errors: parameter-*, search-*, search-too-costly beyond 5000 observations.
    """
    service = call.service
    names = {name.partition(":")[0].partition(".")[0] for name, value in values.search if value}
    if not names.intersection(PATIENT):
        raise FhirError("parameter-missing", name="patient, subject")
    if names & {"_sort", "_count", "_cursor"}:
        expected = "max, patient, subject, category, code …"
        raise FhirError("parameter-unknown", operation="$lastn", expected=expected)
    pairs = [*values.search, ("_sort", "-date"), ("_count", "1000")]
    query = await compile_search(service, "Observation", pairs, lenient=call.lenient)
    found = await _read(call, query)
    groups: dict[int, list[Stored]] = {}
    for each, group in zip(found, _groups(found), strict=True):
        groups.setdefault(group, []).append(each)
    wanted = values.one("max", 1)
    matches = [each for group in groups.values() for each in _newest(call, group, wanted)]
    extra: list[Stored] = []
    if query.includes or query.revincludes:
        extra = await included(service, query, matches)
    entries = entries_of(call.base, matches, "match") + entries_of(call.base, extra, "include")
    links = [("self", address(f"{call.base}/Observation/$lastn", call.pairs))]
    return Reply(200, bundle("searchset", entries, total=len(matches), links=links))


async def _read(call: Call, query: Query) -> list[Stored]:
    """All matches, newest first. Errors: search-too-costly."""
    out: list[Stored] = []
    plan = query.plan
    while True:
        page = await call.service.store.search(plan)
        out += page.matches
        if page.after is None:
            return out
        if len(out) >= MAX_READ:
            raise FhirError("search-too-costly", "$lastn")
        plan = replace(plan, after=page.after)


def _groups(found: list[Stored]) -> list[int]:
    """For each observation the number of its group: those that share a coding, or else a text."""
    parent: list[int] = list(range(len(found)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[Any, int] = {}
    for i, each in enumerate(found):
        for name in _names(each.resource.get("code", {})):
            at = root(first.setdefault(name, i))
            parent[max(at, root(i))] = min(at, root(i))
    return [root(i) for i in range(len(found))]


def _names(code: dict[str, Any]) -> list[Any]:
    codings = [(c.get("system", ""), c["code"]) for c in code.get("coding", ()) if "code" in c]
    return codings or [code.get("text", "")]


def _newest(call: Call, group: list[Stored], wanted: int) -> list[Stored]:
    if len(group) <= wanted:
        return group
    moment = _moment(call, group[wanted - 1])
    ties = [each for each in group[wanted:] if moment is not None and _moment(call, each) == moment]
    return group[:wanted] + ties


def _moment(call: Call, found: Stored) -> int | None:
    date = call.service.registry.of("Observation")["date"]
    rows = call.service.indexer.rows(found.resource, date)
    return max((low for low, _ in rows), default=None)


OPERATION = Operation(
    code="lastn",
    definition="http://hl7.org/fhir/OperationDefinition/Observation-lastn",
    resource_types=("Observation",),
    levels=("type",),
    run=lastn,
    parameters={"max": In("positiveInt", "每个代码的条数，默认 1 / of each code; 1 unless given")},
    search="Observation",
    description=("每项检查最近的结果", "the latest observations of each code"),
)
