"""A few referrals and what they point to, as index entries. Every search of the tables reads it."""

from __future__ import annotations

from fhir_server.storage.base import Change
from tests.contract.changes import change, deletion

S = "http://loinc.org"
DAY = 86_400_000_000
T0 = 1_795_000_000_000_000


def referral(place: int, /, **index: list[tuple[object, ...]]) -> Change:
    return change(f"r{place}", type="ServiceRequest", index=index, updated=T0 + place * DAY)


# As they are first written; ids are in order of creation, so every store has one default order.
LIBRARY: list[Change] = [
    referral(
        0,
        token=[("status", "", "active"), ("code", S, "1"), ("code", "", "1"), ("code", S, "2")],
        string=[("name", "zhang san", "Zhang San"), ("name", "张三", "张三")],
        reference=[("subject", "Patient", "p0", ""), ("based-on", "ServiceRequest", "r1", "")],
        date=[("authored", 100, 200), ("occurrence", 10, 20), ("occurrence", 50, 60)],
        uri=[("instantiates", "http://example.org/a")],
        number=[("rank", 1.5, 1.5)],
    ),
    referral(
        1,
        token=[("status", "", "active"), ("code", "http://snomed.info/sct", "1")],
        string=[("name", "zhang", "zhang"), ("name", "a.*b", "a.*b")],
        reference=[("subject", "Patient", "p1", ""), ("subject", "Group", "p0", "")],
        date=[("authored", 150, 250), ("occurrence", 30, 40)],
        uri=[("instantiates", "http://example.org/a/b"), ("instantiates", "urn:uuid:1")],
        number=[("rank", -2.0, 3.0)],
    ),
    referral(
        2,
        token=[("status", "", "completed"), ("code", S, "3")],
        string=[("name", "𠮷田", "𠮷田"), ("name", "zh\U0010ffff", "ZH\U0010ffff")],
        reference=[
            ("subject", "Patient", "p2", ""),
            ("subject", "", "", "http://x.org/Patient/p0"),
        ],
        date=[("authored", 200, 300)],
    ),
    referral(3, token=[("status", "", "draft")], number=[("rank", 7.0, 7.0)]),
    referral(4),
    referral(5, token=[("status", "", "active")], reference=[("subject", "Patient", "p0", "")]),
    change("p0", index={"token": [("gender", "", "female")], "string": [("name", "li", "Li")]}),
    change(
        "p1",
        index={
            "token": [("gender", "", "male")],
            "reference": [("general-practitioner", "Practitioner", "d0", "")],
        },
    ),
    change("p2", index={"token": [("gender", "", "female")]}),
    change("p3", index={"token": [("gender", "", "male")]}),
    change("d0", type="Practitioner", index={"token": [("active", "", "true")]}),
]
# Then one referral and one patient are deleted.
LATER = [deletion("r5", 2, type="ServiceRequest"), deletion("p2", 2)]
