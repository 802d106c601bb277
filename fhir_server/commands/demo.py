"""`fhir-server demo`: a small consortium, loaded through the public API.

One county hospital, eight township health centres, their departments and doctors, 40 patients and
about 120 referrals in every state. All is invented: the district code of the identity numbers is
not assigned. Dates are relative to today; the same seed gives the same people, so loading twice
changes only dates.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ..model.canonical import HEALTH_RECORD_NO, REQUEST_NO, RESIDENT_ID, code_system
from .client import Client, explain

Json = dict[str, Any]
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REFERRALS, PATIENTS = 120, 40

HOSPITAL = "示例县人民医院"
TOWNSHIPS = ("青石镇", "河口镇", "白云乡", "柳林镇", "双桥乡", "龙泉镇", "东山乡", "新河镇")
DEPARTMENTS = (
    ("A03.04", "心血管内科"), ("A03.03", "神经内科"), ("A03.01", "呼吸内科"),
    ("A03.02", "消化内科"), ("A04.03", "骨科"), ("A04.01", "普通外科"), ("A05", "妇产科"),
    ("A07", "儿科"),
)  # fmt: skip
CASES = (
    ("I20.0", "不稳定型心绞痛", "反复胸闷、胸痛3天，加重1天", 0),
    ("I63.9", "脑梗死", "右侧肢体无力6小时", 1),
    ("J18.9", "肺炎", "发热、咳嗽咳痰5天，抗感染治疗效果不佳", 2),
    ("K92.2", "消化道出血", "黑便2天，伴头晕乏力", 3),
    ("S72.0", "股骨颈骨折", "摔伤后右髋部疼痛、活动受限1天", 4),
    ("K35.8", "急性阑尾炎", "转移性右下腹痛12小时", 5),
    ("O14.9", "子痫前期", "孕34周，血压升高伴下肢水肿", 6),
    ("J21.9", "急性毛细支气管炎", "咳嗽、气促2天，喂养困难", 7),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建国", "秀英", "志强", "桂兰", "伟", "丽华", "海燕", "文博", "子涵", "玉珍", "德明",
         "晓梅", "国庆", "淑芬", "宇轩", "春花", "永福", "雪", "大勇", "红霞")  # fmt: skip

# Task.status with the businessStatus codes under it: every state of a referral.
STATES: tuple[tuple[str, str, str], ...] = tuple(
    (status, code, word)
    for status, row in {
        "draft": "drafting 填写中",
        "requested": "reported 已报备",
        "received": "acknowledged 已收到,more-info 待补充资料,under-review 审核中,"
        "approved 院方审批通过",
        "accepted": "accepted 已接收,slot-reserved 已预约号源,bed-reserved 已预留床位,"
        "specimen-scheduled 已约标本,consult-scheduled 会诊已排期,retro-open 急诊待补手续",
        "in-progress": "vehicle-dispatched 已派车,in-transit 转运中,arrived 已到院,"
        "handed-over 已交接,visit-started 就诊中,visit-finished 就诊结束,admitted 已入院,"
        "in-hospital 住院中,ward-visited 已住院沟通,discharge-planned 拟出院,discharged 已出院,"
        "down-referral-started 已发起下转,specimen-collected 已采集标本,testing 检验检查中,"
        "report-issued 已出报告,consulting 会诊中,opinion-issued 会诊意见已出,"
        "feedback-sent 已反馈,cancel-requested 撤销申请中",
        "on-hold": "suspended 暂停",
        "completed": "feedback-sent 已反馈,feedback-confirmed 反馈已签收,registered 已登记,"
        "followup-due 待回访,followup-done 已回访,followup-missed 回访超期,reconciled 已核对,"
        "counted 计入工作量,not-counted 不计入工作量",
        "rejected": "declined 不予接收,forwarded 已改转",
        "cancelled": "cancelled-by-sender 转出方撤销,cancelled-by-patient 患者撤销,"
        "expired 超时失效,cancel-confirmed 已撤销(接收方确认)",
        "failed": "no-show 未到诊,unable 无法完成,deceased 患者死亡",
        "entered-in-error": "declined 不予接收",
    }.items()
    for code, word in (part.split(" ") for part in row.split(","))
)
EXAM = frozenset({"specimen-scheduled", "specimen-collected", "testing", "report-issued"})
CONSULT = frozenset({"consult-scheduled", "consulting", "opinion-issued"})
REASONS = {"rejected": "本院无相应床位，建议改转", "cancelled": "患者暂不转诊",
           "failed": "患者未按约定时间到诊", "on-hold": "等待患者家属决定"}  # fmt: skip
REQUEST_STATUS = {"draft": "draft", "cancelled": "revoked", "completed": "completed",
                  "entered-in-error": "entered-in-error", "on-hold": "on-hold"}  # fmt: skip


def resident_id(district: str, born: date, sequence: int) -> str:
    """A number with a right check character. Spec: GB 11643-1999."""
    body = f"{district}{born:%Y%m%d}{sequence:03d}"
    total = sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def reference(kind: str, id: str, display: str) -> Json:
    return {"reference": f"{kind}/{id}", "display": display}


class Consortium:
    """All resources of the demonstration. Units: `today` is the day dates are counted from."""

    def __init__(self, seed: int, today: date) -> None:
        self._random = random.Random(seed)
        self._today = today
        self.resources: list[Json] = []
        self._doctors: dict[str, list[Json]] = {}
        self.hospital = self._organization("demo-hospital", HOSPITAL, "A100", "综合医院")
        self.centres = [
            self._organization(f"demo-centre-{i}", f"{name}卫生院", "C220", "乡镇（一般）卫生院")
            for i, name in enumerate(TOWNSHIPS, 1)
        ]
        self.departments = [self._department(i, *row) for i, row in enumerate(DEPARTMENTS, 1)]
        self._staff()
        self.patients = [self._patient(i) for i in range(1, PATIENTS + 1)]
        self._referrals()

    def _add(self, resource: Json) -> Json:
        self.resources.append(resource)
        return resource

    def _organization(self, id: str, name: str, code: str, word: str) -> Json:
        kind = concept(code_system("ws218-organization"), code, word)
        made = {"resourceType": "Organization", "id": id, "active": True, "type": [kind]}
        return self._add({**made, "name": name})

    def _department(self, number: int, code: str, name: str) -> Json:
        system = "urn:oid:2.16.156.10011.2.3.2.62"
        return self._add(
            {
                "resourceType": "Organization",
                "id": f"demo-department-{number}",
                "active": True,
                "type": [concept(f"{TERMINOLOGY}/organization-type", "dept", "Hospital Department"),
                         concept(system, code, name)],
                "name": name,
                "partOf": reference("Organization", "demo-hospital", HOSPITAL),
            }
        )  # fmt: skip

    def _staff(self) -> None:
        for index, place in enumerate([*self.departments, *self.centres], 1):
            for n in (1, 2):
                self._doctor(f"demo-doctor-{index}-{n}", place)

    def _name(self) -> str:
        return self._random.choice(SURNAMES) + self._random.choice(GIVEN)

    def _phone(self) -> Json:
        # 100 begins no real mobile number.
        return {"system": "phone", "value": f"100{self._random.randrange(10**8):08d}"}

    def _doctor(self, id: str, place: Json) -> None:
        name, phone = self._name(), self._phone()
        self._add({"resourceType": "Practitioner", "id": id, "active": True,
                   "name": [{"text": name}], "telecom": [phone]})  # fmt: skip
        role = {
            "resourceType": "PractitionerRole",
            "id": id,
            "active": True,
            "practitioner": reference("Practitioner", id, name),
            "organization": reference("Organization", place["id"], place["name"]),
            "telecom": [phone],
        }
        self._doctors.setdefault(place["id"], []).append(self._add(role))

    def _patient(self, number: int) -> Json:
        born = self._today.replace(month=1, day=1) - timedelta(
            days=self._random.randrange(1, 30000)
        )
        man = self._random.random() < 0.5
        sequence = self._random.randrange(0, 499) * 2 + (1 if man else 0)
        town = self._random.choice(TOWNSHIPS)
        return self._add(
            {
                "resourceType": "Patient",
                "id": f"demo-patient-{number}",
                "identifier": [
                    {"system": RESIDENT_ID, "value": resident_id("999999", born, sequence)},
                    {"system": HEALTH_RECORD_NO, "value": f"99999900000{number:06d}"},
                ],
                "active": True,
                "name": [{"text": self._name()}],
                "telecom": [self._phone()],
                "gender": "male" if man else "female",
                "birthDate": born.isoformat(),
                "address": [{"text": f"示例县{town}第{self._random.randrange(1, 20)}村"}],
            }
        )

    def _referrals(self) -> None:
        for number in range(1, REFERRALS + 1):
            patient = self.patients[(number - 1) % PATIENTS]
            status, code, word = STATES[(number - 1) % len(STATES)]
            days = 1 + self._random.randrange(90 if status in ("completed", "failed") else 6)
            Referral(self, number, patient, (status, code, word), days)

    def pick(self, options: Any) -> Any:
        return self._random.choice(options)

    def doctor(self, place: Json) -> Json:
        role = self._random.choice(self._doctors[place["id"]])
        return reference("PractitionerRole", role["id"], role["practitioner"]["display"])

    def moment(self, days: int, hour: int) -> str:
        whole = datetime(self._today.year, self._today.month, self._today.day, hour, 30, tzinfo=UTC)
        return (whole - timedelta(days=days)).isoformat().replace("+00:00", "Z")

    def day(self, days: int) -> str:
        return (self._today - timedelta(days=days)).isoformat()


class Referral:
    """The resources of one referral; a completed one is often followed by its way back down."""

    def __init__(
        self, consortium: Consortium, number: int, patient: Json,
        state: tuple[str, str, str], days: int,
    ) -> None:  # fmt: skip
        self.c, self.number, self.days = consortium, number, days
        self.status, self.code, self.word = state
        self.patient = reference("Patient", patient["id"], patient["name"][0]["text"])
        self.case = consortium.pick(CASES)
        self.centre = consortium.pick(consortium.centres)
        self.department = consortium.departments[self.case[3]]
        # Every second completed referral is one down, based on the one up before it.
        self.down = self.status == "completed" and number % 2 == 0
        self.id = f"demo-referral-{number}"
        self._build()

    def _category(self) -> Json:
        code, word = "up-referral", "上转"
        if self.down:
            code, word = "down-referral", "下转（回转）"
        elif self.code in EXAM:
            code, word = "exam-request", "检查检验"
        elif self.code in CONSULT:
            code, word = "remote-consultation", "远程会诊"
        return concept(code_system("referral-category"), code, word)

    def _build(self) -> None:
        c, hospital = self.c, self.c.hospital
        centre = reference("Organization", self.centre["id"], self.centre["name"])
        county = reference("Organization", hospital["id"], hospital["name"])
        department = reference("Organization", self.department["id"], self.department["name"])
        sender = c.doctor(self.department if self.down else self.centre)
        owner = centre if self.down else county
        self._condition(sender)
        request: Json = {
            "resourceType": "ServiceRequest",
            "id": self.id,
            "identifier": [
                {"system": REQUEST_NO, "value": f"SL{c.day(self.days)[:4]}{self.number:05d}"}
            ],
            "status": REQUEST_STATUS.get(self.status, "active"),
            "intent": "order",
            "category": [self._category()],
            "priority": "urgent" if self.number % 7 == 0 else "routine",
            "subject": self.patient,
            "authoredOn": c.day(self.days),
            "requester": sender,
            "performer": [owner] if self.down else [county, department],
            "reasonCode": [{"text": self.case[2]}],
            "reasonReference": [reference("Condition", self.id, self.case[1])],
        }
        if self.down:
            request["basedOn"] = [self._origin(centre, county, department)]
        c.resources.append(request)
        self._task(self.id, sender, owner, (self.status, self.code, self.word))
        self._encounter(county, centre)

    def _origin(self, centre: Json, county: Json, department: Json) -> Json:
        """The completed referral up that this one answers."""
        c, id = self.c, f"{self.id}-up"
        sender = c.doctor(self.centre)
        category = concept(code_system("referral-category"), "up-referral", "上转")
        c.resources.append(
            {
                "resourceType": "ServiceRequest",
                "id": id,
                "status": "completed",
                "intent": "order",
                "category": [category],
                "subject": self.patient,
                "authoredOn": c.day(self.days + 9),
                "requester": sender,
                "performer": [county, department],
                "reasonCode": [{"text": self.case[2]}],
                "reasonReference": [reference("Condition", self.id, self.case[1])],
            }
        )
        self._task(id, sender, county, ("completed", "feedback-confirmed", "反馈已签收"))
        return {"reference": f"ServiceRequest/{id}"}

    def _condition(self, recorder: Json) -> None:
        verified = "confirmed" if self.down else "provisional"
        icd, word = self.case[0], self.case[1]
        coded = {**concept("urn:oid:2.16.156.10011.2.3.3.11", icd, word), "text": word}
        clinical = {"system": f"{TERMINOLOGY}/condition-clinical", "code": "active"}
        status = {"system": f"{TERMINOLOGY}/condition-ver-status", "code": verified}
        self.c.resources.append(
            {
                "resourceType": "Condition",
                "id": self.id,
                "clinicalStatus": {"coding": [clinical]},
                "verificationStatus": {"coding": [status]},
                "code": coded,
                "subject": self.patient,
                "recordedDate": self.c.day(self.days),
                "recorder": recorder,
            }
        )

    def _task(self, id: str, sender: Json, owner: Json, state: tuple[str, str, str]) -> None:
        status, code, word = state
        task: Json = {
            "resourceType": "Task",
            "id": id,
            "status": status,
            "businessStatus": concept(code_system("cn-referral-business-status"), code, word),
            "intent": "order",
            "code": concept(
                "http://hl7.org/fhir/CodeSystem/task-code", "fulfill", "Fulfill the focal request"
            ),
            "focus": {"reference": f"ServiceRequest/{id}"},
            "for": self.patient,
            "authoredOn": self.c.moment(self.days, 1),
            "lastModified": self.c.moment(max(self.days - 1, 0), 2),
            "requester": sender,
            "owner": owner,
        }
        if status in REASONS:
            task["statusReason"] = {"text": REASONS[status]}
        self.c.resources.append(task)

    def _encounter(self, county: Json, centre: Json) -> None:
        statuses = {"accepted": "planned", "in-progress": "in-progress", "completed": "finished"}
        if self.status not in statuses or self.code in EXAM | CONSULT:
            return
        inpatient = self.number % 3 == 0
        kind = ("IMP", "inpatient encounter") if inpatient else ("AMB", "ambulatory")
        encounter: Json = {
            "resourceType": "Encounter",
            "id": self.id,
            "status": statuses[self.status],
            "class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": kind[0], "display": kind[1]},
            "subject": self.patient,
            "basedOn": [{"reference": f"ServiceRequest/{self.id}"}],
            "reasonReference": [{"reference": f"Condition/{self.id}"}],
            "serviceProvider": centre if self.down else county,
        }
        if self.status != "accepted":
            encounter["period"] = {"start": self.c.day(self.days)}
            if self.status == "completed":
                encounter["period"]["end"] = self.c.day(max(self.days - 5, 0))
        self.c.resources.append(encounter)


def run(client: Client, seed: int, console: Console) -> tuple[Counter[str], list[str]]:
    """Load the consortium; counts by type, and what the server refused. Errors: Unreachable."""
    today = datetime.now(UTC).astimezone().date()
    resources = Consortium(seed, today).resources
    counts: Counter[str] = Counter()
    failures: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("示例数据 Sample data", total=len(resources))
        for start in range(0, len(resources), 50):
            some = resources[start : start + 50]
            status, answer = client.send("POST", "", _bundle(some))
            if status == 200:
                counts.update(each["resourceType"] for each in some)
            else:
                failures.append(f"{status} {explain(answer)}")
            progress.advance(task, len(some))
    return counts, failures


def _bundle(resources: list[Json]) -> Json:
    entries = [
        {"resource": r, "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}}
        for r in resources
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}
