"""capabilities of the terminology service: what code systems there are and what can be asked."""

from __future__ import annotations

from typing import Any

from .. import __version__
from ..exchange import Call, Reply
from ..exchange.operation import OPERATIONS
from ..model.canonical import BASE
from ..model.dates import instant, now
from ..model.versions import version_key
from ..terminology import Terminology
from ..terminology.grammars import GRAMMARS

Json = dict[str, Any]
FILTER = (
    "文字：代码前缀；中文为子串；其他文字为词首；全拼（gaoxueya）或拼音首字母（gxy）；空格分隔的每个词都要符合，"
    "不分大小写。 / Each word must fit: the beginning of a code; Chinese anywhere in a display or"
    " designation; other letters at the beginning of a word; Pinyin, whole (gaoxueya) or its"
    " initials (gxy). Case does not count."
)
_started = instant(now())


async def terminology_capabilities(call: Call) -> Reply:
    """Spec: http://hl7.org/fhir/R4/terminologycapabilities.html"""
    expand = next(o for o in OPERATIONS if o.code == "expand")
    codes = {o.code for o in OPERATIONS}
    parameters = [
        {"name": name, "documentation": each.document} for name, each in expand.parameters.items()
    ]
    statement = {
        "resourceType": "TerminologyCapabilities",
        "id": "terminology",
        "url": f"{BASE}/TerminologyCapabilities/fhir-server",
        "version": __version__,
        "name": "FhirReferralTerminology",
        "title": "双向转诊术语服务 / Terminology service",
        "status": "active",
        "date": _started,
        "kind": "instance",
        "software": {"name": "fhir-referral-server", "version": __version__},
        "implementation": {"description": "双向转诊 FHIR R4 术语服务", "url": call.base},
        "codeSystem": await _systems(call.service.terminology),
        "expansion": {
            "hierarchical": True,
            "paging": True,
            "incomplete": True,
            "parameter": parameters,
            "textFilter": FILTER,
        },
        "codeSearch": "all",
        "validateCode": {"translations": True},
        "translation": {"needsMap": False},
        **({"closure": {"translation": False}} if "closure" in codes else {}),
    }
    return Reply.of(200, statement)


async def _systems(terminology: Terminology) -> list[Json]:
    """Each code system once, with its versions; the one used by default is the latest."""
    held: dict[str, set[str]] = {url: set() for url in GRAMMARS}
    found = list(terminology.loaded.listed()) if terminology.loaded is not None else []
    for source in terminology.sources:
        found += await source.systems()
    for url, version in found:
        held.setdefault(url, set()).add(version)
    return [_system(url, versions) for url, versions in held.items() if url]


def _system(url: str, versions: set[str]) -> Json:
    stated = sorted(versions - {""}, key=version_key)
    rows: list[Json] = [{"code": version} for version in stated]
    if rows:
        rows[-1]["isDefault"] = True
    return {
        "uri": url,
        **({"version": rows} if rows else {}),
        "subsumption": url not in GRAMMARS,
    }
