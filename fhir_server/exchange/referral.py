"""All that belongs to one referral."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..model.references import Target
from ..storage.base import Stored
from .call import Service
from .compartments import in_record
from .graph import backward, chain, forward, pointing, targets_of
from .searching import Key, key

MAX_MEMBERS = 3000
# What is done for a referral. Whatever points to one of these belongs to the referral too; of an
# Encounter, only what speaks of it as a whole: its record is Encounter/$everything.
WORK = frozenset(
    {
        "Appointment", "Communication", "CommunicationRequest", "Composition", "Consent",
        "DiagnosticReport", "DocumentReference", "QuestionnaireResponse", "Task",
    }
)  # fmt: skip
OF_ENCOUNTER = {
    "Communication": ("encounter",),
    "Composition": ("encounter",),
    "Condition": ("encounter",),
    "Provenance": ("target",),
    "Task": ("focus", "encounter"),
}
ROUNDS = 5  # sub-Tasks of sub-Tasks …


class Referral(NamedTuple):
    """`members` belong to the referral (its chain first, then by type and id); `supporting` are
    who and what they refer to besides."""

    members: list[Stored]
    supporting: list[Stored]


async def collect(service: Service, focal: Stored, base: str, *, audit: bool = False) -> Referral:
    """The ServiceRequest, its chain (basedOn, replaces), what points to one of them or to what is
    done for them, and what all these refer to.

    AuditEvents, of which there may be thousands, only where asked. Errors: search-too-costly.
    """
    without = () if audit else ("AuditEvent",)
    requests = [focal, *await chain(service, [focal], limit=MAX_MEMBERS)]
    members = {key(each): each for each in requests}
    to_request = pointing(service, "ServiceRequest", without=without)
    found = await backward(
        service, to_request, list(members), limit=MAX_MEMBERS, without=set(members)
    )
    found += await service.store.many(_named(requests, base, members))
    front = _new(members, found)
    for _ in range(ROUNDS):
        front = _new(members, await _around(service, front, members, without))
        if not front:
            break
    chained = {key(each) for each in requests}
    people = {k for k, each in members.items() if _is_party(service, each.resource_type)}
    working = [each for k, each in members.items() if k not in people]
    inside = {key(each) for each in working}

    def accept(owner: Stored, target: Target) -> bool:
        if key(owner) in inside:
            return target.type != "ServiceRequest" or (target.type, target.id) in chained
        return _is_party(service, target.type) and target.type != "Patient"

    supporting = await forward(service, working, accept, base=base, limit=MAX_MEMBERS)
    rest = [each for each in working if key(each) not in chained]
    return Referral([*requests, *sorted(rest, key=key)], sorted(supporting, key=key))


def _named(requests: Sequence[Stored], base: str, known: Iterable[Key]) -> list[Key]:
    seen = set(known)
    found = dict.fromkeys((t.type, t.id) for e in requests for t in targets_of(e, base))
    return [k for k in found if k not in seen]


def _new(members: dict[Key, Stored], found: Iterable[Stored]) -> list[Stored]:
    fresh = [each for each in found if key(each) not in members]
    members.update({key(each): each for each in fresh})
    return fresh


async def _around(
    service: Service, front: Sequence[Stored], known: Iterable[Key], without: Iterable[str]
) -> list[Stored]:
    """What points to the work of the last round."""
    out: list[Stored] = []
    by_type: dict[str, list[Key]] = {}
    for each in front:
        by_type.setdefault(each.resource_type, []).append(key(each))
    for resource_type, keys in sorted(by_type.items()):
        if resource_type in WORK:
            # A referral that names a document of this one is not thereby part of it.
            apart = (*without, "ServiceRequest")
            ways = pointing(service, resource_type, without=apart)
        elif resource_type == "Encounter":
            ways = OF_ENCOUNTER
        else:
            continue
        out += await backward(service, ways, keys, limit=MAX_MEMBERS, without=set(known))
    return out


def _is_party(service: Service, resource_type: str) -> bool:
    """Does a type stand outside of any one patient's record, or is it the Patient?"""
    return resource_type == "Patient" or not in_record(service, resource_type)
