"""What `make bench-large` asks for: each stream with parameters that differ between requests."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from . import samples
from .load import request
from .population import Known

Make = Callable[[], Iterator[bytes]]


class Stream(NamedTuple):
    """`scales`: an indexed search, whose time must not follow the number of referrals. `workers`:
    measured with two server processes, too."""

    name: str
    make: Make
    scales: bool = False
    workers: bool = False


def same(*requests: bytes) -> Make:
    return lambda: itertools.cycle(requests)


def each(form: str, values: Sequence[str]) -> Make:
    return same(*(request("GET", "/fhir/" + form.format(quote(v, safe=""))) for v in values))


def streams(known: Known) -> list[Stream]:
    """Those that write come last, so that all others find what was loaded."""
    pick = random.Random(7)
    patients = pick.sample(known.patients, min(2000, len(known.patients)))
    citizens = [f"999{n:014d}" for n in range(min(500, len(known.patients)))]
    return [
        Stream("read", each("ServiceRequest/{}", known.requests), workers=True),
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
            "status with sort, first page",
            same(request("GET", "/fhir/ServiceRequest?status=active&_sort=-authored&_count=20")),
            scales=True,
        ),
        Stream("history of one", each("ServiceRequest/{}/_history", known.requests)),
        Stream("Patient/$everything", each("Patient/{}/$everything", patients), workers=True),
        Stream("Patient/$referral-history", each("Patient/{}/$referral-history", patients)),
        Stream(
            "ServiceRequest/$referral-package",
            each("ServiceRequest/{}/$referral-package", known.requests),
        ),
        Stream("update", lambda: samples.updates(known.requests), workers=True),
        Stream("create", samples.creates, workers=True),
        Stream("transaction of 20", samples.transactions, workers=True),
    ]
