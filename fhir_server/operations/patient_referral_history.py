"""$referral-history: all referrals of a patient with what belongs to them."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, entries_of
from ..exchange.operation import Operation
from ..exchange.searching import key
from ..model.canonical import code_system, operation_definition
from ..search import write_cursor
from ..search.query import MAX_COUNT, read_cursor
from ..search.values import COMPILERS, date_tests, split
from ..storage.base import Stored
from ..storage.plan import Clause, Match, Plan, Sort, Test

CATEGORY = code_system("referral-category")
DIRECTIONS = {"up": "up-referral", "down": "down-referral"}
KNOWN = ("identifier", "status", "direction", "date", "_count", "_cursor", "_format", "_pretty")
# Newest first: by the day of the form, then by the moment it reached this server.
ORDER = (Sort("authored", "date", descending=True), Sort("_lastUpdated", "", descending=True))
MAX_RELATED = 5000


async def referral_history(call: Call) -> Reply:
    """The patient's ServiceRequests, newest first, each page with the Task, Encounters and
    Conditions of its referrals and the other referrals of their up-down chains.

    Units: `date` is the date of the form (authoredOn) with the prefixes of a date search.
    Spec: OperationDefinition patient-referral-history in profiles/.
    Errors: parameter-missing, parameter-value, read-unknown, search-unknown, search-page.
    """
    values = _values(call)
    patients = await _patients(call, values)
    where = _where(call, values, patients)
    count = _count(values.get("_count", "20"))
    cursor = values.get("_cursor")
    after = read_cursor(cursor, len(ORDER)) if cursor else None
    plan = Plan("ServiceRequest", where, ORDER, count, after, total=True)
    page = await call.service.store.search(plan)
    related = await _related(call, page.matches)
    entries = entries_of(call.base, page.matches, "match")
    entries += entries_of(call.base, related, "include")
    path = "/".join(p for p in (call.base, "Patient", call.id, "$referral-history") if p)
    links = [("self", address(path, call.pairs))]
    if page.after is not None:
        kept = [p for p in call.pairs if p[0] != "_cursor"]
        links.append(("next", address(path, [*kept, ("_cursor", write_cursor(page.after))])))
    return Reply(200, bundle("searchset", entries, total=page.total, links=links))


def _values(call: Call) -> dict[str, str]:
    pairs = list(call.pairs)
    for each in (call.resource or {}).get("parameter", ()):
        text = next((v for k, v in each.items() if k.startswith("value")), "")
        if isinstance(text, dict):
            text = f"{text.get('system', '')}|{text.get('value', '')}"
        pairs.append((each.get("name", ""), str(text)))
    for name, _ in pairs:
        if name not in KNOWN:
            expected = ", ".join(KNOWN[:5])
            raise FhirError("search-unknown", resource_type="$referral-history", expected=expected)
    call.pairs = pairs
    return dict(pairs)


async def _patients(call: Call, values: dict[str, str]) -> list[tuple[str, str]]:
    """By id, or all patients with the identifier. Errors: parameter-missing, read-unknown."""
    store = call.service.store
    if call.id:
        found = await store.current("Patient", call.id)
        if found is None or found.deleted:
            raise FhirError("read-deleted" if found else "read-unknown", "Patient")
        return [("Patient", call.id)]
    identifier = values.get("identifier", "")
    if not identifier:
        raise FhirError("parameter-missing", name="identifier")
    parameter = call.service.registry.of("Patient")["identifier"]
    tests = COMPILERS["token"](parameter, "", identifier)
    page = await store.search(Plan("Patient", (Match("identifier", "token", tests),), limit=100))
    return [key(each) for each in page.matches]


def _where(
    call: Call, values: dict[str, str], patients: list[tuple[str, str]]
) -> tuple[Clause, ...]:
    registry = call.service.registry.of("ServiceRequest")
    subject = tuple(
        (Test("id", "=", i), Test("url", "=", ""), Test("type", "=", t)) for t, i in patients
    )
    category = tuple((Test("value", "=", code), Test("system", "=", CATEGORY)) for code in _codes())
    clauses: list[Clause] = [Match("subject", "reference", subject)]
    direction = values.get("direction")
    if direction is not None:
        wanted = [DIRECTIONS.get(each) for each in direction.split(",")]
        if None in wanted:
            raise FhirError("parameter-value", name="direction", expected="up, down")
        category = tuple(row for row in category if row[0].value in wanted)
    clauses.append(Match("category", "token", category))
    status = values.get("status")
    if status:
        rows = tuple(
            row for v in split(status, ",") for row in COMPILERS["token"](registry["status"], "", v)
        )
        clauses.append(Match("status", "token", rows))
    clauses += [
        Match("authored", "date", date_tests(registry["authored"], "", value))
        for name, value in call.pairs
        if name == "date" and value
    ]
    return tuple(clauses)


def _codes() -> tuple[str, ...]:
    return ("up-referral", "down-referral", "exam-request", "remote-consultation")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise FhirError("parameter-value", name="_count", expected=f"0..{MAX_COUNT}")
    return min(int(text), MAX_COUNT)


async def _related(call: Call, matches: list[Stored]) -> list[Stored]:
    """Tasks, Encounters, Conditions and the chain of the referrals on this page."""
    store, service = call.service.store, call.service
    shown = {key(each) for each in matches}
    out: dict[tuple[str, str], Stored] = {}
    requests = list(matches)
    chain = await _chain(call, requests, shown)
    out.update({key(each): each for each in chain})
    targets = [key(each) for each in requests + chain]
    for resource_type, code in (("Task", "focus"), ("Encounter", "based-on")):
        found = await store.referrers(resource_type, code, targets, limit=MAX_RELATED)
        out.update({key(each): each for each in found})
    conditions: dict[tuple[str, str], None] = {}
    visits: dict[tuple[str, str], None] = {}
    for each in [*requests, *chain]:
        for reference in each.resource.get("reasonReference", ()):
            _collect(reference, "Condition", conditions)
        _collect(each.resource.get("encounter", {}), "Encounter", visits)
    found = await store.many([k for k in visits if k not in out])
    out.update({key(each): each for each in found})
    diagnosis = service.registry.of("Encounter")["diagnosis"]
    for each in list(out.values()):
        if each.resource_type == "Encounter":
            conditions.update(dict.fromkeys(service.indexer.references(each.resource, diagnosis)))
    wanted = [k for k in conditions if k[0] == "Condition"]
    out.update({key(each): each for each in await store.many(wanted)})
    return list(out.values())


def _collect(reference: dict[str, str], wanted: str, into: dict[tuple[str, str], None]) -> None:
    resource_type, _, id = reference.get("reference", "").partition("/")
    if resource_type == wanted and id:
        into[(resource_type, id.partition("/")[0])] = None


async def _chain(call: Call, requests: list[Stored], shown: set[tuple[str, str]]) -> list[Stored]:
    """Referrals that these are based on, and those based on these, up to five steps away."""
    based_on = call.service.registry.of("ServiceRequest")["based-on"]
    seen, out = set(shown), []
    front = requests
    for _ in range(5):
        above = {
            k: None
            for each in front
            for k in call.service.indexer.references(each.resource, based_on)
            if k[0] == "ServiceRequest" and k not in seen
        }
        found = await call.service.store.many(list(above))
        found += await call.service.store.referrers(
            "ServiceRequest", "based-on", [key(each) for each in front], limit=MAX_RELATED
        )
        front = []
        for each in found:
            if key(each) not in seen:
                seen.add(key(each))
                front.append(each)
        if not front:
            break
        out += front
    return out


OPERATION = Operation(
    code="referral-history",
    definition=operation_definition("patient-referral-history"),
    resource_types=("Patient",),
    levels=("type", "instance"),
    run=referral_history,
    parameters={
        "identifier": "string",
        "status": "string",
        "direction": "code",
        "date": "string",
        "_count": "integer",
    },
    description=("患者的转诊历史", "a patient's referral history"),
)
