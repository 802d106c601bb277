"""A region's referrals in any number, straight into a store: what `make bench-large` searches.

Sizes follow what a consortium sees: few patients are referred often; one diagnosis makes more than
half of all referrals; nine tenths are completed. All is invented. Ids are those that the server
would have made, so rows lie in the order of their creation.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from fhir_server.commands.demo import CASES, GIVEN, SURNAMES, TERMINOLOGY, concept, reference
from fhir_server.exchange.call import Service
from fhir_server.exchange.writing import change
from fhir_server.model.canonical import HEALTH_RECORD_NO, REQUEST_NO, code_system
from fhir_server.model.ids import new_id

Json = dict[str, Any]
REFERRALS_A_PATIENT = 4
CONSORTIUMS, CENTRES = 20, 12
STATES = (  # Task.status, ServiceRequest.status, businessStatus, share
    ("completed", "completed", "feedback-confirmed", 90),
    ("in-progress", "active", "in-hospital", 5),
    ("requested", "active", "reported", 3),
    ("rejected", "active", "declined", 2),
)
SHARES = [row[3] for row in STATES]
BATCH = 400  # changes of one transaction


@dataclass
class Known:
    """Ids by which the measurements ask, drawn from all that was made."""

    patients: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # requests that the measurements update
    hospitals: list[str] = field(default_factory=list)


class Population:
    """Resources of `referrals` referrals in the order in which a server would meet them."""

    def __init__(self, referrals: int, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._referrals = referrals
        self.known = Known()
        self._today = date(2026, 11, 1)

    def resources(self) -> Iterator[Json]:
        hospitals = [new_id() for _ in range(CONSORTIUMS)]
        self.known.hospitals = hospitals
        centres = [new_id() for _ in range(CONSORTIUMS * CENTRES)]
        for i, id in enumerate(hospitals):
            yield {"resourceType": "Organization", "id": id, "name": f"示例{i}县人民医院"}
        for i, id in enumerate(centres):
            yield {"resourceType": "Organization", "id": id, "name": f"示例{i}镇卫生院"}
        patients: list[Json] = []
        for _ in range(max(1, self._referrals // REFERRALS_A_PATIENT)):
            patient = self._patient(len(patients))
            patients.append(patient)
            yield patient
        self.known.patients = [each["id"] for each in patients]
        for number in range(self._referrals):
            # A Pareto tail: the most often referred patient has some hundred referrals.
            index = min(int(self._random.paretovariate(0.9)) - 1, len(patients) - 1)
            patient = patients[index if number % 10 == 0 else self._random.randrange(len(patients))]
            where = self._random.randrange(len(centres))
            yield from self._referral(number, patient, centres[where], hospitals[where // CENTRES])

    def _patient(self, number: int) -> Json:
        pick = self._random.choice
        born = self._today - timedelta(days=self._random.randrange(200, 33_000))
        return {
            "resourceType": "Patient",
            "id": new_id(),
            "identifier": [{"system": HEALTH_RECORD_NO, "value": f"999{number:014d}"}],
            "active": True,
            "name": [{"text": pick(SURNAMES[:8] if number % 2 else SURNAMES) + pick(GIVEN)}],
            "telecom": [{"system": "phone", "value": f"100{number:08d}"}],
            "gender": "male" if self._random.random() < 0.5 else "female",
            "birthDate": born.isoformat(),
            "address": [{"text": f"示例县青石镇第{number % 400}村"}],
        }

    def _referral(self, number: int, patient: Json, centre: str, hospital: str) -> Iterator[Json]:
        pick = self._random
        task_status, status, business, _ = pick.choices(STATES, SHARES)[0]
        case = CASES[0] if pick.random() < 0.5 else pick.choice(CASES)
        day = (self._today - timedelta(days=pick.randrange(1100))).isoformat()
        subject = reference("Patient", patient["id"], patient["name"][0]["text"])
        sender = reference("Organization", centre, "卫生院")
        owner = reference("Organization", hospital, "县人民医院")
        request, task, encounter, condition = (new_id() for _ in range(4))
        word = f"SL{number:09d}"
        if number % 97 == 0:
            self.known.requests.append(request)
            self.known.numbers.append(word)
        elif number % 97 == 1:
            self.known.changed.append(request)
        yield {
            "resourceType": "Condition",
            "id": condition,
            "clinicalStatus": concept(f"{TERMINOLOGY}/condition-clinical", "active", "Active"),
            "code": concept("urn:oid:2.16.156.10011.2.3.3.11", case[0], case[1]),
            "subject": subject,
            "recordedDate": day,
        }
        yield {
            "resourceType": "ServiceRequest",
            "id": request,
            "identifier": [{"system": REQUEST_NO, "value": word}],
            "status": status,
            "intent": "order",
            "category": [concept(code_system("referral-category"), "up-referral", "上转")],
            "priority": "urgent" if number % 7 == 0 else "routine",
            "subject": subject,
            "authoredOn": day,
            "requester": sender,
            "performer": [owner],
            "reasonCode": [{"text": case[2]}],
            "reasonReference": [reference("Condition", condition, case[1])],
            "note": [{"text": "既往高血压病史10年，规律服药。" * 8}],
        }
        yield {
            "resourceType": "Task",
            "id": task,
            "status": task_status,
            "businessStatus": concept(
                code_system("cn-referral-business-status"), business, business
            ),
            "intent": "order",
            "focus": {"reference": f"ServiceRequest/{request}"},
            "for": subject,
            "authoredOn": day,
            "requester": sender,
            "owner": owner,
        }
        if task_status in ("completed", "in-progress"):
            yield {
                "resourceType": "Encounter",
                "id": encounter,
                "status": "finished" if task_status == "completed" else "in-progress",
                "class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "AMB"},
                "subject": subject,
                "basedOn": [{"reference": f"ServiceRequest/{request}"}],
                "period": {"start": day},
                "serviceProvider": owner,
            }


async def fill(service: Service, population: Population) -> tuple[int, float]:
    """Write all; how many resources and in how many seconds. The store is open.

    While one batch is written the next is made.
    """
    started, count = time.perf_counter(), 0
    writing: asyncio.Task[None] | None = None
    resources = population.resources()
    while some := list(itertools.islice(resources, BATCH)):
        batch = [change(service, each, each["id"], 1, "POST") for each in some]
        if writing is not None:
            await writing
        writing = asyncio.create_task(service.store.write(batch))
        for _ in range(2):  # one turn of the loop to ask for it, one to hand it over
            await asyncio.sleep(0)
        count += len(batch)
    if writing is not None:
        await writing
    return count, time.perf_counter() - started
