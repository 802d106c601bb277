"""What the benchmark sends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec

Json = dict[str, Any]
PROFILE = "http://referral.consortium.cn/fhir"


def service_request(patient: str, number: int, id: str = "") -> Json:
    """A referral of about 2 KB, as a form makes it."""
    out: Json = {
        "resourceType": "ServiceRequest",
        "identifier": [
            {"system": "urn:oid:2.16.156.10011.1.24", "value": f"SL{number:08d}"},
            {"system": f"{PROFILE}/sid/form-content", "value": f"{number:064x}"},
        ],
        "instantiatesUri": [f"{PROFILE}/forms/national-up"],
        "status": "active",
        "intent": "order",
        "category": [{"coding": [{"system": f"{PROFILE}/CodeSystem/referral-category",
                                  "code": "up-referral", "display": "上转"}]}],
        "priority": "routine",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}],
                 "text": "双向转诊"},
        "subject": {"reference": f"Patient/{patient}", "display": "张三"},
        "authoredOn": "2026-11-20",
        "requester": {"reference": "PractitionerRole/r1", "display": "王五"},
        "performer": [{"reference": "Organization/o1", "display": "县人民医院"},
                      {"reference": "Organization/o2", "display": "心血管内科"}],
        "reasonCode": [{"text": "反复胸闷、胸痛3天，加重1天。" * 12}],
        "reasonReference": [{"reference": "Condition/c1"}],
        "note": [{"text": "既往高血压病史10年，规律服药。" * 8}],
    }  # fmt: skip
    return {**out, "id": id} if id else out


# The generator shares the machine with what it measures, so it takes the fastest there is.
encoded = msgspec.json.encode


_numbers = itertools.count(1_000_000)


def creates() -> Iterator[bytes]:
    from .load import request

    for number in _numbers:
        body = encoded(service_request(f"many-{number % 1000}", number))
        yield request("POST", "/fhir/ServiceRequest", body)


def updates(ids: list[str]) -> Iterator[bytes]:
    from .load import request

    for number in _numbers:
        id = ids[number % len(ids)]
        body = encoded(service_request("u", number, id))
        yield request("PUT", f"/fhir/ServiceRequest/{id}", body)


def transaction(number: int) -> bytes:
    """20 entries that refer to each other."""
    url = "urn:uuid:00000000-0000-4000-8000-{:012x}"
    patient = {"resourceType": "Patient", "name": [{"text": "张三"}], "gender": "male",
               "birthDate": "1970-05-01"}  # fmt: skip
    entries = [{"fullUrl": url.format(0), "resource": patient,
                "request": {"method": "POST", "url": "Patient"}}]  # fmt: skip
    for i in range(1, 20):
        resource = service_request("x", number * 20 + i)
        resource["subject"] = {"reference": url.format(0)}
        entries.append({"fullUrl": url.format(i), "resource": resource,
                        "request": {"method": "POST", "url": "ServiceRequest"}})  # fmt: skip
    return encoded({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def transactions() -> Iterator[bytes]:
    from .load import request

    for number in _numbers:
        yield request("POST", "/fhir", transaction(number))
