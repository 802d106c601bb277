"""Prefer: respond-async: 202 with the address of the job, which answers until it has the result.

Spec: http://hl7.org/fhir/R4/http.html#async and http://hl7.org/fhir/R4/async.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.jobs import Jobs, Progress, Running
from ..exchange.operation import OPERATIONS
from ..exchange.outcomes import information
from .dispatch import resolve

PATH = "_async"  # below the FHIR address
MAX_WAIT = 30.0  # seconds


def is_wanted(method: str, path: Sequence[str], call: Call) -> bool:
    """Does the client ask for it, and can it be had?

    It can for a batch, a transaction, searches, histories and operations that read; elsewhere the
    preference is ignored, as RFC 7240 lets a server do.
    """
    if "respond-async" not in call.prefer or method not in ("GET", "POST"):
        return False
    if not path:
        return method == "POST" or bool(call.pairs)
    if path[-1] == "_search":
        return True
    if path[-1].startswith("$"):
        return any("$" + o.code == path[-1] and not o.affects_state for o in OPERATIONS)
    if method == "POST" or path[0] == "metadata":
        return False
    return len(path) in (1, 3) or path[-1] == "_history"


async def begin(
    jobs: Jobs, method: str, path: Sequence[str], call: Call, run: Callable[[], Awaitable[Reply]]
) -> Reply:
    """Start the job; with `wait=10` answer at once where that many seconds are enough.

    Errors: as `resolve`, for a route that leads nowhere; async-busy, store-down.
    """
    if path:
        resolve(method, path, call)

    async def work(progress: Progress) -> Reply:
        call.progress = progress
        return await run()

    id = await jobs.start(work)
    seconds = _seconds(call.prefer.get("wait", ""))
    if seconds and await jobs.wait(id, seconds):
        found = await _take(jobs, id)
        if isinstance(found, Reply):
            return found
    reply = Reply.of(
        202, information("informational", "已受理，正在处理", "accepted", call.language)
    )
    reply.headers = {
        "Content-Location": f"{call.base}/{PATH}/{id}",
        "Preference-Applied": "respond-async",
        "Retry-After": "1",
    }
    return reply


async def _take(jobs: Jobs, id: str) -> Reply | Running:
    """A result that nobody will ask for again. Errors: those of the job."""
    try:
        found = await jobs.look(id)
    except FhirError:
        await jobs.cancel(id)
        raise
    if isinstance(found, Reply):
        await jobs.cancel(id)
        del found.headers["Expires"]
    return found


def _seconds(text: str) -> float:
    return min(float(text), MAX_WAIT) if text.isascii() and text.isdigit() else 0.0


async def job(jobs: Jobs, method: str, path: Sequence[str], call: Call) -> Reply:
    """The address of a job. GET: 202 while it runs, then the answer that the request would have
    had; DELETE: stop it, and forget the result.

    Errors: route-unknown, method-unsupported, async-unknown, async-interrupted, those of the job.
    """
    if len(path) != 2:
        raise FhirError("route-unknown")
    if method == "DELETE":
        await jobs.cancel(path[1])
        return Reply.of(202, information("informational", "已取消", "cancelled", call.language))
    if method not in ("GET", "HEAD"):
        error = FhirError("method-unsupported", expected="GET, HEAD, DELETE")
        error.headers["Allow"] = "GET, HEAD, DELETE"
        raise error
    found = await jobs.look(path[1])
    return _running(found) if isinstance(found, Running) else found


def _running(found: Running) -> Reply:
    """Clients need not ask about a long job as often. X-Progress: at most 100 characters."""
    text = f"running for {found.seconds} s"
    if found.progress:
        text = f"{found.progress} entries, {text}"
    after = 1 if found.seconds < 10 else 5 if found.seconds < 60 else 15
    return Reply(202, headers={"X-Progress": text, "Retry-After": str(after)})
