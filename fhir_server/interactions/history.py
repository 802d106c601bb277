"""history of one resource, of a type, and of everything."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..errors import FhirError, define
from ..exchange import Call, Reply
from ..exchange.bundles import address, bundle, history_entry
from ..model.dates import parse_interval
from ..search import write_cursor
from ..search.query import CURSOR, EDGE, MAX_COUNT, read_cursor
from ..storage.base import HistoryPlan, Page
from ..storage.plan import Cursor

DEFAULT_COUNT = 50
SORTS = {"_lastUpdated": True, "-_lastUpdated": False}
# `_before` is an addition of this server, the counterpart of `_since`.
NAMES = ("_since", "_before", "_at", "_count", "_sort", "_total", CURSOR)
TOTALS = ("accurate", "estimate", "none")
# Versions of a type, or of all, that are counted where nobody asked for an accurate total.
COUNTED = 5_000
LARGEST = 2**62

define(
    "history-parameter",
    "not-supported",
    400,
    "历史没有此参数；可用：{expected}",
    "history has no such parameter; available: {expected}",
)


async def history(call: Call) -> Reply:
    """Versions, newest first unless `_sort=_lastUpdated`; deletions included.

    Spec: http://hl7.org/fhir/R4/http.html#history. Not supported: `_list`.
    Errors: read-unknown, history-parameter, parameter-value, search-page, search-too-costly.
    """
    plan = _plan(call)
    page = await call.service.store.history(plan)
    if not page.matches and plan.id and not await _exists(call, plan, page):
        raise FhirError("read-unknown", call.resource_type)
    entries = [history_entry(call.base, each) for each in page.matches]
    return Reply(200, bundle("history", entries, total=page.total, links=_links(call, page)))


async def _exists(call: Call, plan: HistoryPlan, page: Page) -> bool:
    return (
        bool(page.total)
        or await call.service.store.current(plan.resource_type, plan.id) is not None
    )


def _plan(call: Call) -> HistoryPlan:
    values = {name: text for name, text in call.pairs if name not in EDGE}
    for name in values:
        if name not in NAMES and not call.lenient:
            raise FhirError("history-parameter", name, expected=", ".join(NAMES[:-1]))
    count = values.get("_count", str(DEFAULT_COUNT))
    if not re.fullmatch(r"[0-9]{1,9}", count):
        raise FhirError("parameter-value", "_count", name="_count", expected=f"0..{MAX_COUNT}")
    sort = values.get("_sort", "-_lastUpdated")
    if sort not in SORTS:
        raise FhirError("parameter-value", "_sort", name="_sort", expected=", ".join(SORTS))
    total = _total(values)
    since, until, at = (_moment(values, name) for name in ("_since", "_before", "_at"))
    plan = HistoryPlan(
        call.resource_type,
        call.id,
        min(int(count), MAX_COUNT),
        since=since[0] if since else None,
        until=until[0] if until else None,
        at=at,
        ascending=SORTS[sort],
        total=total != "none",
        most=0 if total == "accurate" or call.id or not int(count) else COUNTED,
    )
    return _at_cursor(plan, values[CURSOR]) if CURSOR in values else plan


def _total(values: dict[str, str]) -> str:
    text = values.get("_total", "estimate")
    if text not in TOTALS:
        expected = ", ".join(TOTALS)
        raise FhirError("parameter-value", "_total", name="_total", expected=expected)
    return text


def _moment(values: dict[str, str], name: str) -> tuple[int, int] | None:
    """An instant; also a date or dateTime, which is the time it covers."""
    if name not in values:
        return None
    try:
        # An unencoded + of a time zone arrives as a space.
        return parse_interval(values[name].replace(" ", "+"))
    except (ValueError, OverflowError):
        expected = "instant (2026-11-20T08:00:00+08:00)"
        raise FhirError("parameter-value", name, name=name, expected=expected) from None


def _at_cursor(plan: HistoryPlan, text: str) -> HistoryPlan:
    """A cursor begins with its direction: 0 forwards, 1 backwards. Errors: search-page."""
    kinds = (int,) if plan.id else (int, str, str, int)
    direction, *rest = read_cursor(text, len(kinds))
    fits = all(type(v) is k for v, k in zip(rest, kinds, strict=True))
    numbers = [v for v in rest if type(v) is int]
    if direction not in (0, 1) or not fits or any(abs(v) > LARGEST for v in numbers):
        raise FhirError("search-page", CURSOR)
    return replace(plan, after=tuple(rest), backward=bool(direction))


def _links(call: Call, page: Page) -> list[tuple[str, str]]:
    parts: list[Any] = [call.base, call.resource_type, call.id, "_history"]
    path = "/".join(part for part in parts if part)
    kept = [pair for pair in call.pairs if pair[0] != CURSOR]

    def at(direction: int, cursor: Cursor) -> str:
        return address(path, [*kept, (CURSOR, write_cursor((direction, *cursor)))])

    links = [("self", address(path, call.pairs)), ("first", address(path, kept))]
    if page.before is not None:
        links.append(("previous", at(1, page.before)))
    if page.after is not None:
        links.append(("next", at(0, page.after)))
    return links
