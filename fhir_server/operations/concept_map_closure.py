"""$closure: which of a client's codes lie below which, kept up as it adds codes."""

from __future__ import annotations

import hashlib
import uuid
from itertools import count

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.operation import In, Operation, Values
from ..exchange.writing import pause
from ..model.dates import instant, now
from ..terminology.closure import Entry, add, empty, groups, since


async def closure(call: Call, values: Values) -> Reply:
    """With `name` alone: an empty table of this name. With `concept`: the codes go in, and the
    answer has what is new. With `version`: all that came after it.

    A table belongs to the caller, by its token where it shows one, and lies in the store.

    Spec: http://hl7.org/fhir/R4/conceptmap-operation-closure.html
    Errors: closure-*, code-system-unknown, terminology-parameters, store-down, write-contended.
    """
    name, version = values.one("name"), values.one("version")
    codings = values.all("concept")
    if codings and version is not None:
        raise FhirError("terminology-parameters", expected="name | name + concept | name + version")
    key = _key(call, name)
    store = call.service.store
    for attempt in count():
        before = await store.note(key)
        if version is not None:
            if before is None:
                raise FhirError("closure-unknown", "name")
            return Reply.of(200, _map(before, since(before, version)))
        table, entries = await _changed(call, name, codings, before)
        if table == before or await store.set_note(key, table, instead_of=before):
            return Reply.of(200, _map(table, entries))
        await pause(attempt)
    raise AssertionError  # `pause` has given up before


async def _changed(
    call: Call, name: str, codings: list[Json], before: Json | None
) -> tuple[Json, list[Entry]]:
    """Errors: closure-unknown, closure-too-large, code-system-unknown."""
    if not codings:
        return empty(name, before), []
    if before is None:
        raise FhirError("closure-unknown", "name")
    return await add(before, codings, call.service.terminology.code_system)


def _key(call: Call, name: str) -> str:
    """The note of a table. Tokens and names are not to be read from it."""
    parts = f"{call.credential}\x00{name}".encode()
    return "closure." + hashlib.sha256(parts).hexdigest()[:40]


def _map(table: Json, entries: list[Entry]) -> Json:
    found = groups(entries)
    return {
        "resourceType": "ConceptMap",
        "id": str(uuid.uuid4()),
        "version": str(table["version"]),
        "name": "ClosureTable",
        "title": table["name"],
        "status": "active",
        "experimental": True,
        "date": instant(now()),
        **({"group": found} if found else {}),
    }


OPERATION = Operation(
    code="closure",
    definition="http://hl7.org/fhir/OperationDefinition/ConceptMap-closure",
    resource_types=("ConceptMap",),
    levels=("system",),
    run=closure,
    affects_state=True,
    parameters={
        "name": In("string", "闭包表的名称 / the name of the table", required=True),
        "concept": In("Coding", "要加入的代码 / codes to add", many=True),
        "version": In("string", "此版本之后的全部 / all that came after this version"),
    },
    description=("维护闭包表", "closure table maintenance"),
)
