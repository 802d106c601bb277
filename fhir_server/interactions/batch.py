"""batch: each entry alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

import structlog

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import bundle
from ..exchange.together import together
from .bundle import Entry, as_call, check_count, read_entry
from .dispatch import dispatch
from .replies import entry_failure, entry_response

log = structlog.get_logger("fhir_server.batch")
Json = dict[str, Any]


async def batch(call: Call) -> Reply:
    """Entries are independent: one that fails says so in its response, the others stand.

    They run at the same time, a bounded number of them, yet nobody sees a difference to one after
    the other: what reads waits for the writes before it, and two writes of one resource are done
    in their order.

    Spec: http://hl7.org/fhir/R4/http.html#batch. Errors: bundle-too-large.
    """
    assert call.resource is not None
    check_count(call.service, call.resource)
    read = [_read(call, i, each) for i, each in enumerate(call.resource.get("entry", []))]
    out: list[bytes] = []
    done = count(1)
    for group in _groups(read):
        answers = await together(
            [partial(_counted, call, each, done, len(read)) for each in group],
            call.service.limits.at_once,
        )
        out += [each if isinstance(each, bytes) else _failed(call, each) for each in answers]
    return Reply(200, bundle("batch-response", out))


def _read(call: Call, i: int, entry: Json) -> Entry | FhirError:
    try:
        return read_entry(entry, f"Bundle.entry[{i}]", call.base)
    except FhirError as error:
        return error


def _groups(entries: list[Entry | FhirError]) -> Iterator[list[Entry | FhirError]]:
    """Runs of neighbours that may go at the same time: only reads, or writes of different things.

    A create by the server's id is different from everything.
    """
    group: list[Entry | FhirError] = []
    kinds: set[bool] = set()
    written: set[str] = set()
    for entry in entries:
        if isinstance(entry, FhirError):
            group.append(entry)
            continue
        name = _name(entry)
        if (entry.reads not in kinds and kinds) or (name and name in written):
            yield group
            group, kinds, written = [], set(), set()
        group.append(entry)
        kinds.add(entry.reads)
        written.add(name)
    if group:
        yield group


def _name(entry: Entry) -> str:
    """What an entry writes; "" where nothing else can be at it."""
    if entry.reads:
        return ""
    condition = entry.if_none_exist or "&".join(f"{n}={v}" for n, v in entry.pairs)
    if entry.method == "POST" and not condition:
        return ""
    return "/".join(entry.path) + "?" + condition


async def _counted(call: Call, entry: Entry | FhirError, done: Iterator[int], total: int) -> bytes:
    """The answer to an entry; whoever asks how far the batch is hears of it."""
    try:
        return await _carry_out(call, entry)
    finally:
        if call.progress is not None:
            call.progress(next(done), total)


async def _carry_out(call: Call, entry: Entry | FhirError) -> bytes:
    if isinstance(entry, FhirError):
        raise entry
    reply = await dispatch(entry.method, entry.path, as_call(entry, call))
    return entry_response(call, reply)


def _failed(call: Call, error: BaseException) -> bytes:
    if isinstance(error, FhirError):
        return entry_failure(call, error)
    if not isinstance(error, Exception):
        raise error  # the server is stopping
    log.error("entry failed", kind=type(error).__name__)
    return entry_failure(call, FhirError("internal"))
