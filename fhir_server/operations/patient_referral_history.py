"""$referral-history: all referrals of a patient with what belongs to them."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, entries_of
from ..exchange.graph import chain
from ..exchange.operation import In, Operation, Values
from ..exchange.paging import PAGE, count_of, next_link
from ..exchange.patients import linked, patients_of
from ..exchange.reading import live
from ..exchange.searching import Key, key
from ..model.canonical import code_system, operation_definition
from ..search import write_cursor
from ..search.query import read_cursor
from ..search.values import COMPILERS, date_tests, split
from ..storage.base import Stored
from ..storage.plan import Clause, Match, Plan, Sort, Test

CATEGORY = code_system("referral-category")
CODES = ("up-referral", "down-referral", "exam-request", "remote-consultation")
DIRECTIONS = {"up": "up-referral", "down": "down-referral"}
# Newest first: by the day of the form, then by the moment it reached this server.
ORDER = (Sort("authored", "date", descending=True), Sort("_lastUpdated", "", descending=True))
MAX_RELATED = 5000


async def referral_history(call: Call, values: Values) -> Reply:
    """The patient's ServiceRequests, newest first, each page with the Task, Encounters and
    Conditions of its referrals and the other referrals of their up-down chains.

    A citizen id is found in both spellings of its system; Patients that are linked count as one.

    Units: `date` is the date of the form (authoredOn) with the prefixes of a date search.
    Spec: OperationDefinition patient-referral-history in profiles/.
    Errors: parameter-*, read-unknown, read-deleted, search-value, search-page.
    """
    patients = await _patients(call, values)
    where = _where(call, values, patients)
    cursor = values.one("_cursor")
    after = read_cursor(cursor, len(ORDER)) if cursor else None
    plan = Plan("ServiceRequest", where, ORDER, count_of(values, 20), after, total=True)
    page = await call.service.store.search(plan)
    related = await _related(call, page.matches)
    entries = entries_of(call.base, page.matches, "match")
    entries += entries_of(call.base, related, "include")
    path = "/".join(p for p in (call.base, "Patient", call.id, "$referral-history") if p)
    links = [("self", address(path, call.pairs))]
    if page.after is not None:
        links.append(next_link(path, call, OPERATION, values, write_cursor(page.after)))
    return Reply(200, bundle("searchset", entries, total=page.total, links=links))


async def _patients(call: Call, values: Values) -> list[Key]:
    """By id or by identifier, and whom they are linked with. Errors: as referral_history."""
    if call.id:
        found = live(await call.service.store.current("Patient", call.id), "Patient")
        return await linked(call.service, [key(found)])
    identifier = values.one("identifier")
    if identifier is None:
        raise FhirError("parameter-missing", name="identifier")
    if not identifier.get("value") or "|" in identifier.get("system", ""):
        raise FhirError("search-value", "identifier", expected="system|value")
    return await linked(call.service, await patients_of(call.service, identifier))


def _where(call: Call, values: Values, patients: list[Key]) -> tuple[Clause, ...]:
    registry = call.service.registry.of("ServiceRequest")
    subject = tuple(
        (Test("id", "=", i), Test("url", "=", ""), Test("type", "=", t)) for t, i in patients
    )
    codes: tuple[str, ...] = CODES
    if values.all("direction"):
        if not DIRECTIONS.keys() >= set(values.all("direction")):
            raise FhirError("parameter-value", name="direction", expected=", ".join(DIRECTIONS))
        codes = tuple(DIRECTIONS[each] for each in values.all("direction"))
    category = tuple((Test("value", "=", code), Test("system", "=", CATEGORY)) for code in codes)
    clauses: list[Clause] = [
        Match("subject", "reference", subject),
        Match("category", "token", category),
    ]
    status = [each for text in values.all("status") for each in split(text, ",")]
    if status:
        rows = tuple(row for v in status for row in COMPILERS["token"](registry["status"], "", v))
        clauses.append(Match("status", "token", rows))
    clauses += [
        Match("authored", "date", date_tests(registry["authored"], "", each))
        for each in values.all("date")
    ]
    return tuple(clauses)


async def _related(call: Call, matches: list[Stored]) -> list[Stored]:
    """Tasks, Encounters, Conditions and the chain of the referrals on this page."""
    store, service = call.service.store, call.service
    around = await chain(service, matches, limit=MAX_RELATED)
    requests = [*matches, *around]
    out = {key(each): each for each in around}
    shown = [key(each) for each in requests]
    ways = {"Task": ("focus", "based-on"), "Encounter": ("based-on",)}
    tied = await store.pointers(ways, shown, limit=MAX_RELATED)
    conditions: dict[Key, None] = {}
    visits = dict.fromkeys(tied)
    for each in requests:
        for reference in each.resource.get("reasonReference", ()):
            _collect(reference, "Condition", conditions)
        _collect(each.resource.get("encounter", {}), "Encounter", visits)
    # A store gives them in no special order; a referral's state comes before its visits.
    found = sorted(
        await store.many(list(visits)), key=lambda e: (e.resource_type != "Task", key(e))
    )
    out.update({key(each): each for each in found})
    diagnosis = service.registry.of("Encounter")["diagnosis"]
    for each in list(out.values()):
        if each.resource_type == "Encounter":
            conditions.update(dict.fromkeys(service.indexer.references(each.resource, diagnosis)))
    wanted = sorted(k for k in conditions if k[0] == "Condition")
    out.update({key(each): each for each in await store.many(wanted)})
    return list(out.values())


def _collect(reference: dict[str, str], wanted: str, into: dict[Key, None]) -> None:
    resource_type, _, id = reference.get("reference", "").partition("/")
    if resource_type == wanted and id:
        into[(resource_type, id.partition("/")[0])] = None


OPERATION = Operation(
    code="referral-history",
    definition=operation_definition("patient-referral-history"),
    resource_types=("Patient",),
    levels=("type", "instance"),
    run=referral_history,
    parameters={
        "identifier": In("Identifier", "system|value；在类型层面必填 / required at type level"),
        "status": In("string", "ServiceRequest.status", many=True),
        "direction": In("code", "up, down", many=True, commas=True),
        "date": In("string", "authoredOn", many=True),
        **PAGE,
    },
    description=("患者的转诊历史", "a patient's referral history"),
)
