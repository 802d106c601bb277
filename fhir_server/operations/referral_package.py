"""$referral-package: one referral as a document Bundle in which every version is pinned."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

import msgspec

from ..errors import FhirError, define
from ..exchange import Call, Reply
from ..exchange.bundles import address
from ..exchange.call import Json
from ..exchange.documents import MAX_ENTRIES, answer, document
from ..exchange.graph import targets_of
from ..exchange.operation import In, Operation, Values
from ..exchange.reading import live
from ..exchange.referral import collect
from ..exchange.searching import Key, key
from ..model.canonical import naming_system, operation_definition
from ..model.dates import instant, now
from ..model.ids import is_id
from ..model.text import from_link, to_link
from ..storage.base import Stored

define(
    "package-pin",
    "value",
    400,
    "pin 无效：应为此转诊资料包 self 链接中的 pin",
    "the pin is not valid: it must be that of a self link of a package of this referral",
)
define(
    "package-gone",
    "deleted",
    410,
    "资料包中的某个版本已被清除，无法再生成",
    "a version of the package was purged; it cannot be made again",
)

Row = tuple[str, str, int]  # type, id, version
MAX_PIN = 1_000_000  # bytes of a pin, unpacked
REFERRAL_NOTE = {"system": "http://loinc.org", "code": "57133-1", "display": "Referral note"}
TITLES = {
    "ServiceRequest": "转诊 / referrals",
    "Task": "任务 / tasks",
    "Encounter": "就诊 / visits",
    "Condition": "诊断 / conditions",
    "Composition": "单据 / forms",
    "Consent": "知情同意 / consents",
    "Provenance": "签名与来源 / signatures",
    "DocumentReference": "附件 / documents",
    "Communication": "沟通 / communications",
    "Appointment": "预约 / appointments",
    "QuestionnaireResponse": "随访 / follow-up",
    "Patient": "患者 / patient",
    "Practitioner": "医务人员 / practitioners",
    "PractitionerRole": "医务人员岗位 / practitioner roles",
    "Organization": "机构 / organizations",
}


@dataclass(frozen=True)
class Pin:
    """The moment and the versions of a package, the referral first.

    Units: `moment` in microseconds since 1970, UTC. `text` is how a link has it.
    """

    moment: int
    rows: tuple[Row, ...]
    text: str

    @classmethod
    def of(cls, moment: int, found: list[Stored]) -> Pin:
        rows = tuple((each.resource_type, each.id, each.version) for each in found)
        packed = zlib.compress(msgspec.json.encode((moment, rows)), 9)
        return cls(moment, rows, to_link(packed))

    @classmethod
    def read(cls, text: str) -> Pin:
        """Errors: package-pin."""
        try:
            raw = zlib.decompressobj().decompress(from_link(text), MAX_PIN)
            moment, rows = msgspec.json.decode(raw, type=tuple[int, tuple[Row, ...]])
            instant(moment)
        except (ValueError, OverflowError, zlib.error, msgspec.DecodeError):
            raise FhirError("package-pin", "pin") from None
        unique = {row[:2] for row in rows}
        if not 0 < len(rows) <= MAX_ENTRIES or len(unique) != len(rows) or moment > now():
            raise FhirError("package-pin", "pin")
        return cls(moment, rows, text)


async def referral_package(call: Call, values: Values) -> Reply:
    """The referral with all that belongs to it, each resource in the version it has now; with
    `pin`, in the versions of an earlier package, byte for byte as it was.

    The Composition in front is made for the package; its sections refer to every entry as
    `Type/id/_history/version`. The self link names the pin.

    Spec: OperationDefinition referral-package in profiles/. Not supported: a signature.
    Errors: read-unknown, read-deleted, package-pin, package-gone, search-too-costly.
    """
    text = values.one("pin")
    if text:
        pin = Pin.read(text)
        found = await _pinned(call, pin)
    else:
        found = await _now(call)
        pin = Pin.of(now(), found)
    name = _name(pin)
    composition = _composition(call, pin, name, found)
    path = f"{call.base}/ServiceRequest/{call.id}/$referral-package"
    link = [{"relation": "self", "url": address(path, [("pin", pin.text)])}]
    bundle = document(call.base, _identifier(name), pin.moment, [composition, *found], id=name)
    bundle = {**bundle, "link": link}
    return await answer(call, bundle, persist=bool(values.one("persist")))


async def _now(call: Call) -> list[Stored]:
    """Errors: read-unknown, read-deleted, search-too-costly."""
    focus = live(await call.service.store.current("ServiceRequest", call.id), "ServiceRequest")
    found = await collect(call.service, focus, call.base)
    return [*found.members, *found.supporting]


async def _pinned(call: Call, pin: Pin) -> list[Stored]:
    """Errors: package-pin unless the pin is one of this referral; package-gone."""
    service = call.service
    known = service.definitions.is_resource
    if pin.rows[0][:2] != ("ServiceRequest", call.id):
        raise FhirError("package-pin", "pin")
    if not all(known(t) and is_id(i) and 0 < v < 2**53 for t, i, v in pin.rows):
        raise FhirError("package-pin", "pin")
    out: list[Stored] = []
    for row in pin.rows:
        found = await service.store.version(*row)
        if found is None or found.deleted:
            raise FhirError("package-gone", row[0])
        out.append(found)
    _check_connected(call, out)
    return out


def _check_connected(call: Call, found: list[Stored]) -> None:
    """A pin opens what hangs on the referral, nothing else. Errors: package-pin."""
    near: dict[Key, set[Key]] = {key(each): set() for each in found}
    for each in found:
        for target in targets_of(each, call.base):
            other = (target.type, target.id)
            if other in near:
                near[key(each)].add(other)
                near[other].add(key(each))
    seen, front = set(), [key(found[0])]
    while front:
        here = front.pop()
        if here not in seen:
            seen.add(here)
            front += near[here]
    if len(seen) != len(near):
        raise FhirError("package-pin", "pin")


def _name(pin: Pin) -> str:
    """The same for the same moment and versions, on every server that shares the store."""
    return str(uuid5(NAMESPACE_URL, msgspec.json.encode((pin.moment, pin.rows)).decode()))


def _identifier(name: str) -> Json:
    return {"system": naming_system("referral-package"), "value": name}


def _composition(call: Call, pin: Pin, name: str, found: list[Stored]) -> Stored:
    request = found[0].resource
    groups: dict[str, list[Json]] = {}
    for each in found:
        reference = f"{each.resource_type}/{each.id}/_history/{each.version}"
        groups.setdefault(each.resource_type, []).append({"reference": reference})
    author = request.get("requester") or {"display": "fhir-referral-server"}
    content = {
        "resourceType": "Composition",
        "id": name,
        "identifier": _identifier(name),
        "status": "final",
        "type": {"coding": [REFERRAL_NOTE]},
        "subject": request["subject"],
        "date": instant(pin.moment),
        "author": [author],
        "title": "转诊资料包 / Referral package",
        "section": [{"title": TITLES.get(t, t), "entry": each} for t, each in groups.items()],
    }
    return Stored("Composition", name, 1, pin.moment, resource=content)


OPERATION = Operation(
    code="referral-package",
    definition=operation_definition("referral-package"),
    resource_types=("ServiceRequest",),
    levels=("instance",),
    run=referral_package,
    parameters={
        "pin": In("string", "先前资料包 self 链接中的 pin / the pin of an earlier package"),
        "persist": In("boolean", "是否保存为 Bundle / keep it as a Bundle"),
    },
    description=("一次转诊的资料包，版本固定", "one referral as a document, versions pinned"),
)
