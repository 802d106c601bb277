"""How the pages are sorted: the groups of profiles, and the words for kinds of resources."""

from __future__ import annotations

from .library import Entry
from .texts import Text

GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (Text("转诊申请与任务", "Requests and their Tasks"),
     ("ServiceRequest", "Task")),
    (Text("患者与家属", "Patients and families"),
     ("Patient", "RelatedPerson", "Person")),
    (Text("机构与人员", "Institutions and staff"),
     ("Organization", "OrganizationAffiliation", "Practitioner", "PractitionerRole",
                "HealthcareService", "Location", "CareTeam", "Endpoint")),
    (Text("就诊与预约", "Visits and appointments"),
     ("Encounter", "Appointment", "AppointmentResponse", "Schedule", "Slot",
      "EpisodeOfCare")),
    (Text("临床内容", "Clinical content"),
     ("Condition", "AllergyIntolerance", "Observation", "Procedure", "MedicationRequest",
                "MedicationStatement", "DiagnosticReport", "ImagingStudy", "Specimen", "CarePlan",
                "Medication", "Goal", "Media", "DetectedIssue", "GuidanceResponse")),
    (Text("文书、同意与签名", "Documents, consent and signatures"),
     ("Composition", "Bundle", "DocumentReference", "Binary", "Consent", "Provenance",
                "Signature", "QuestionnaireResponse", "Questionnaire")),
    (Text("沟通", "Communication"),
     ("Communication", "CommunicationRequest")),
    (Text("医保与费用", "Insurance and money"),
     ("Coverage", "Claim", "ClaimResponse", "Invoice", "ChargeItem", "PaymentNotice",
                "Contract")),
    (Text("统计", "Statistics"), ("Measure", "MeasureReport")),
)  # fmt: skip
# Of one type, these stand before the others.
FIRST = ("up-referral-request", "down-referral-request", "exam-request", "referral-organization")
OTHERS = Text("其他", "Others")
KINDS = {
    "profile": Text("数据规范", "profile"),
    "extension": Text("扩展", "extension"),
    "datatype": Text("数据类型", "data type"),
    "logical": Text("逻辑模型", "logical model"),
    "example": Text("示例", "example"),
    "CodeSystem": Text("代码系统", "code system"),
    "ValueSet": Text("值集", "value set"),
    "ConceptMap": Text("对照表", "concept map"),
    "NamingSystem": Text("编号系统", "naming system"),
    "SearchParameter": Text("检索参数", "search parameter"),
    "OperationDefinition": Text("操作", "operation"),
    "CapabilityStatement": Text("能力声明", "capability statement"),
    "ImplementationGuide": Text("实施指南", "implementation guide"),
    "Questionnaire": Text("问卷", "questionnaire"),
    "Measure": Text("指标", "measure"),
}
TERMS = ("CodeSystem", "ValueSet", "ConceptMap", "NamingSystem")
INTERFACES = ("OperationDefinition", "SearchParameter", "CapabilityStatement")
STRUCTURES = ("profile", "extension", "datatype", "logical")


def kind_of(group: str) -> Text:
    return KINDS.get(group, Text("", group))


def grouped(profiles: list[Entry]) -> list[tuple[Text, list[Entry]]]:
    """Profiles by group, those that others derive from before them; no empty group."""
    out = []
    own = {p.url for p in profiles}
    left = list(profiles)
    for title, types in GROUPS:
        found = [p for p in left if p.base in types]
        left = [p for p in left if p.base not in types]
        if found:
            out.append((title, sorted(found, key=lambda p: _rank(p, types, own))))
    return [*out, (OTHERS, left)] if left else out


def _rank(entry: Entry, types: tuple[str, ...], own: set[str]) -> tuple[int, bool, bool, int, str]:
    first = FIRST.index(entry.id) if entry.id in FIRST else len(FIRST)
    return types.index(entry.base), entry.parent in own, entry.abstract, first, entry.id
