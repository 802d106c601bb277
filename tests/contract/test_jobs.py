"""Jobs in the store: every process of a server knows what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from fhir_server.errors import FhirError, Issue
from fhir_server.exchange import Reply, results
from fhir_server.exchange import jobs as module
from fhir_server.exchange.jobs import Jobs, Progress, Running
from fhir_server.storage.base import Store

Work = Callable[[Progress], Awaitable[Reply]]


class Clock:
    """Seconds since 1970, which pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def answers(reply: Reply) -> Work:
    async def work(_: Progress) -> Reply:
        return reply

    return work


def fails(error: Exception) -> Work:
    async def work(_: Progress) -> Reply:
        raise error

    return work


async def forever(progress: Progress) -> Reply:
    progress(3, 10)
    await asyncio.Event().wait()
    raise AssertionError


async def ended(jobs: Jobs, work: Work) -> str:
    id = await jobs.start(work)
    assert await jobs.wait(id, 60)
    return id


async def code(awaited: Awaitable[object]) -> str:
    """The code with which it fails; "" where it does not."""
    try:
        await awaited
    except FhirError as error:
        return error.code
    return ""


async def running(jobs: Jobs, *ids: str) -> None:
    """What still runs at the end of a test is stopped."""
    for id in ids:
        with suppress(FhirError):
            await jobs.cancel(id)


@pytest.mark.parametrize("size", [0, 30, 600_000], ids=["empty", "small", "large"])
async def test_every_process_knows_the_result(store: Store, size: int) -> None:
    one, two = Jobs(store), Jobs(store)
    body = '{"resourceType":"Bundle","x":"张三"}'.encode() * (size // 30)
    reply = Reply(201, body or None, location="Task/1", headers={"Retry-After": "2"})
    id = await ended(one, answers(reply))
    for each in (one, two, Jobs(store)):  # the last has just been started
        found = await each.look(id)
        assert isinstance(found, Reply)
        assert (found.status, found.body, found.location) == (201, body or None, "Task/1")
        assert found.headers.pop("Expires").endswith(" GMT")
        assert found.headers == {"Retry-After": "2"}


async def test_every_process_knows_the_failure(store: Store) -> None:
    first = Issue("parameter-value", "_count", {"name": "_count", "expected": "0..9"})
    error = FhirError.of([first, Issue("type-unknown")])
    error.headers["Allow"] = "GET"
    id = await ended(Jobs(store), fails(error))
    with pytest.raises(FhirError) as caught:
        await Jobs(store).look(id)
    assert [i.text("zh") for i in caught.value.issues] == [i.text("zh") for i in error.issues]
    assert caught.value.headers == {"Allow": "GET"}
    odd = await ended(Jobs(store), fails(ZeroDivisionError()))
    assert await code(Jobs(store).look(odd)) == "internal"


async def test_every_process_sees_how_far_a_job_is(store: Store) -> None:
    clock = Clock()
    one, two = Jobs(store, beat=0.01, clock=clock), Jobs(store, clock=clock)
    id = await one.start(forever)
    clock.now += 12
    for _ in range(1000):
        if await two.look(id) == Running(12, "3 of 10"):
            break
        await asyncio.sleep(0.01)
    assert await one.look(id) == await two.look(id) == Running(12, "3 of 10")
    await running(one, id)


async def test_a_job_whose_process_died_is_interrupted(store: Store) -> None:
    clock = Clock()
    dead, alive = Jobs(store, limit=1, clock=clock), Jobs(store, limit=1, clock=clock)
    id = await dead.start(forever)
    clock.now += module.SILENT - 1
    assert await code(alive.look(id)) == ""
    assert await code(alive.start(forever)) == "async-busy"
    clock.now += 1
    assert await code(alive.look(id)) == "async-interrupted"
    other = await alive.start(forever)  # and its place is free
    clock.now += 3600
    assert await code(alive.look(id)) == "async-unknown"
    await running(dead, id)
    await running(alive, other)


async def test_a_server_that_stops_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 0.2)
    one, two = Jobs(store), Jobs(store)

    async def short(_: Progress) -> Reply:
        await asyncio.sleep(0.01)
        return Reply(200)

    long, brief = await one.start(forever), await one.start(short)
    await one.close()
    assert await code(two.look(long)) == "async-interrupted"
    assert isinstance(await two.look(brief), Reply)


async def test_any_process_cancels(store: Store) -> None:
    one, two = Jobs(store, beat=0.01), Jobs(store)
    stopped = asyncio.Event()

    async def work(_: Progress) -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    id = await one.start(work)
    await asyncio.sleep(0)
    await two.cancel(id)
    await asyncio.wait_for(stopped.wait(), 60)
    for each in (one, two):
        assert await code(each.look(id)) == await code(each.cancel(id)) == "async-unknown"


async def test_nothing_of_a_cancelled_or_expired_result_is_left(store: Store) -> None:
    clock = Clock()
    jobs = Jobs(store, keep=60, clock=clock)
    first, second = await ended(jobs, answers(Reply(200))), await ended(jobs, answers(Reply(200)))
    assert await store.note(f"async/{first}") is not None
    await jobs.cancel(first)
    assert await store.note(f"async/{first}") is None
    clock.now += 59
    assert isinstance(await jobs.look(second), Reply)
    clock.now += 2
    assert await code(jobs.look(second)) == "async-unknown"
    third = await ended(jobs, answers(Reply(200)))
    assert await store.note(f"async/{second}") is None
    assert list(await store.note("async") or {}) == [third]


async def test_the_oldest_results_make_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    clock = Clock()
    jobs, ids = Jobs(store, clock=clock), []
    for _ in range(4):
        clock.now += 1
        ids.append(await ended(jobs, answers(Reply(200))))
    assert [await code(jobs.look(id)) for id in ids] == ["async-unknown"] * 2 + ["", ""]


async def test_a_result_beyond_the_bound(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MAX_TEXT", 20)
    jobs = Jobs(store)
    assert await code(jobs.look(await ended(jobs, answers(Reply(200, b"x"))))) == ""
    large = answers(Reply(200, bytes(range(50))))
    assert await code(jobs.look(await ended(jobs, large))) == "async-too-large"


async def test_many_at_once_in_two_processes(store: Store) -> None:
    """None is lost from the list, and no more are let in than the limit."""
    both = [Jobs(store, limit=12), Jobs(store, limit=12)]
    found = await asyncio.gather(
        *(both[n % 2].start(forever) for n in range(20)), return_exceptions=True
    )
    ids = [each for each in found if isinstance(each, str)]
    assert len(ids) == 12
    assert {each.code for each in found if isinstance(each, FhirError)} == {"async-busy"}
    assert set(await store.note("async") or {}) == set(ids)
    for each in both:
        await running(each, *ids)
