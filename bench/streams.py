"""What `make bench-large` asks for: each stream with parameters that differ between requests."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from . import samples
from .load import request
from .population import Known

NEWEST = "ServiceRequest?_sort=-authored&_count=20"
Make = Callable[[], Iterator[bytes]]


class Stream(NamedTuple):
    """`scales`: bounded by an index, so that its time must not follow the number of referrals.
    `workers`: measured with two server processes, too."""

    name: str
    make: Make
    scales: bool = False
    workers: bool = False
    writes: bool = False


def same(*requests: bytes) -> Make:
    return lambda: itertools.cycle(requests)


def each(form: str, values: Sequence[str]) -> Make:
    return same(*(request("GET", "/fhir/" + form.format(quote(v, safe=""))) for v in values))


def further(port: int, path: str, pages: int) -> str:
    """The path of a page that far behind the first, as its links lead there."""
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        for _ in range(pages):
            connection.request("GET", path, headers={"Accept": "application/fhir+json"})
            bundle = json.loads(connection.getresponse().read())
            (following,) = [each["url"] for each in bundle["link"] if each["relation"] == "next"]
            parts = urlsplit(following)
            path = f"{parts.path}?{parts.query}"
    return path


def streams(known: Known, port: int) -> list[Stream]:
    """Those that write come last, so that all others find what was loaded."""
    patients = _patients(known)
    deep = further(port, f"/fhir/{NEWEST}", 50)
    return [
        Stream("read", each("ServiceRequest/{}", known.requests), scales=True, workers=True),
        *searches(known),
        Stream("newest first, page 51", same(request("GET", deep)), scales=True),
        Stream("history of one", each("ServiceRequest/{}/_history", known.requests), scales=True),
        Stream("history of a type", each("ServiceRequest/_history?_count={}", ["20"]), scales=True),
        Stream(
            "Patient/$everything",
            each("Patient/{}/$everything", patients),
            scales=True,
            workers=True,
        ),
        Stream(
            "Patient/$referral-history",
            each("Patient/{}/$referral-history", patients),
            scales=True,
        ),
        Stream(
            "ServiceRequest/$referral-package",
            each("ServiceRequest/{}/$referral-package", known.requests),
            scales=True,
        ),
        Stream("update", lambda: samples.updates(known.changed), workers=True, writes=True),
        Stream("create", samples.creates, workers=True, writes=True),
        Stream("transaction of 20", samples.transactions, workers=True, writes=True),
    ]


def searches(known: Known) -> list[Stream]:
    return [*_few(known), *_many(known)]


def _patients(known: Known) -> list[str]:
    return random.Random(7).sample(known.patients, min(2000, len(known.patients)))


def _few(known: Known) -> list[Stream]:
    """What is asked for with few matches."""
    patients = _patients(known)
    numbers = random.Random(9).sample(range(len(known.patients)), min(500, len(known.patients)))
    citizens = [f"999{n:014d}" for n in numbers]
    return [
        Stream("by identifier", each("ServiceRequest?identifier={}", known.numbers), scales=True),
        Stream(
            "by patient, newest first",
            each("ServiceRequest?subject=Patient/{}&_sort=-authored&_count=10", patients),
            scales=True,
            workers=True,
        ),
        Stream(
            "by patient and date",
            each(
                "ServiceRequest?subject=Patient/{}&authored=ge2025-01-01&_sort=authored", patients
            ),
            scales=True,
        ),
        Stream(
            "chain: subject.identifier",
            each("ServiceRequest?subject.identifier={}", citizens),
            scales=True,
            workers=True,
        ),
        Stream(
            "_has: the patient of a referral",
            each("Patient?_has:ServiceRequest:subject:identifier={}", known.numbers),
            scales=True,
        ),
        Stream(
            "_revinclude: a referral with its Task",
            each("ServiceRequest?_id={}&_revinclude=Task:focus", known.requests),
            scales=True,
        ),
        Stream(
            "_include: a referral with its patient",
            each("ServiceRequest?identifier={}&_include=ServiceRequest:subject", known.numbers),
            scales=True,
        ),
    ]


def _many(known: Known) -> list[Stream]:
    """What has many matches, of which a page is wanted, or their count.

    A count looks at all that it counts, and so grows with it.
    """
    hospitals = known.hospitals
    work = "Task?owner=Organization/{}&status=requested&_sort=-authored-on&_count=20"
    window = "ServiceRequest?authored=ge2026-03-01&authored=lt2026-03-08&_sort=-authored&_count=20"
    names = [f"示例{n}县人民医院" for n in range(len(hospitals))]
    return [
        Stream(
            "status with sort, first page",
            each("ServiceRequest?status={}&_sort=-authored&_count=20", ["active"]),
            scales=True,
        ),
        Stream("newest first", same(request("GET", f"/fhir/{NEWEST}")), scales=True),
        Stream("a week, newest first", same(request("GET", f"/fhir/{window}")), scales=True),
        Stream("a hospital's worklist, newest first", each(work, hospitals)),
        Stream(
            "by hospital, newest first",
            each("ServiceRequest?performer=Organization/{}&_sort=-authored&_count=20", hospitals),
            scales=True,
        ),
        Stream(
            "chain to a hospital with many referrals",
            each("ServiceRequest?performer:Organization.name={}&_count=20", names),
            scales=True,
        ),
        Stream(
            "_has: patients with a referral under way",
            each("Patient?_has:ServiceRequest:subject:status={}&_count=20", ["active"]),
            scales=True,
        ),
        Stream(
            "_sort by what few have",
            each("ServiceRequest?_sort={}&_count=20", ["occurrence", "-occurrence"]),
            scales=True,
        ),
        Stream(
            ":missing, of what nearly all have",
            each("Task?owner:missing={}&_count=20", ["true"]),
        ),
        Stream(
            ":missing, of what nearly none have",
            each("ServiceRequest?occurrence:missing={}&_count=20", ["true"]),
            scales=True,
        ),
        Stream(
            "_total=accurate, a tenth of all",
            each("ServiceRequest?status={}&_total=accurate&_count=10", ["active"]),
        ),
        Stream("_summary=count, all", each("ServiceRequest?_summary={}", ["count"])),
    ]
