"""What `$everything` shows of a resource type: the dates of care, the types, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import FhirError
from ..model.dates import MAX, MIN, parse_interval
from ..storage.base import Stored
from ..storage.plan import AnyOf, Clause, Match, Test, Updated
from .call import Service
from .parameters import In, Values

# The date search parameters that say when care was given. A type that is not here has no such
# date, and is shown whatever `start` and `end` say, as is a resource without any of its dates.
CARE_DATES: dict[str, tuple[str, ...]] = {
    "AdverseEvent": ("date",),
    "Appointment": ("date",),
    "AuditEvent": ("date",),
    "CarePlan": ("date", "activity-date"),
    "CareTeam": ("date",),
    "ChargeItem": ("occurrence", "entered-date"),
    "Claim": ("created",),
    "ClaimResponse": ("created",),
    "ClinicalImpression": ("date",),
    "Communication": ("sent", "received"),
    "CommunicationRequest": ("occurrence", "authored"),
    "Composition": ("date", "period"),
    "Condition": ("onset-date", "abatement-date", "recorded-date"),
    "DetectedIssue": ("identified",),
    "DeviceRequest": ("event-date", "authored-on"),
    "DiagnosticReport": ("date", "issued"),
    "DocumentManifest": ("created",),
    "DocumentReference": ("date", "period"),
    "Encounter": ("date",),
    "EpisodeOfCare": ("date",),
    "ExplanationOfBenefit": ("created",),
    "Flag": ("date",),
    "Goal": ("start-date", "target-date"),
    "ImagingStudy": ("started",),
    "Immunization": ("date",),
    "ImmunizationEvaluation": ("date",),
    "ImmunizationRecommendation": ("date",),
    "Invoice": ("date",),
    "List": ("date",),
    "Media": ("created",),
    "MedicationAdministration": ("effective-time",),
    "MedicationDispense": ("whenhandedover", "whenprepared"),
    "MedicationRequest": ("authoredon", "date"),
    "MedicationStatement": ("effective",),
    "NutritionOrder": ("datetime",),
    "Observation": ("date",),
    "Procedure": ("date",),
    "Provenance": ("when", "recorded"),
    "QuestionnaireResponse": ("authored",),
    "RequestGroup": ("authored",),
    "RiskAssessment": ("date",),
    "ServiceRequest": ("occurrence", "authored"),
    "Specimen": ("collected",),
    "SupplyRequest": ("date",),
    "Task": ("period", "authored-on"),
    "VisionPrescription": ("datewritten",),
}
SCOPE = {
    "start": In("date", "诊疗日期不早于 / care on or after"),
    "end": In("date", "诊疗日期不晚于 / care on or before"),
    "_since": In("instant", "此后更新的 / updated since"),
    "_type": In("code", "只要这些类型 / only these types", many=True, commas=True),
}


@dataclass(frozen=True)
class Scope:
    """Units: microseconds since 1970, UTC; care overlaps [start, end). `types` empty: all."""

    start: int = MIN
    end: int = MAX
    since: int = 0
    types: frozenset[str] = frozenset()

    @classmethod
    def of(cls, service: Service, values: Values) -> Scope:
        """Errors: parameter-value."""
        types = values.all("_type")
        if not all(map(service.definitions.is_resource, types)):
            raise FhirError("parameter-value", name="_type", expected="R4 resource types")
        start, end, since = (values.one(name) for name in ("start", "end", "_since"))
        try:
            return cls(
                parse_interval(start)[0] if start else MIN,
                parse_interval(end)[1] if end else MAX,
                parse_interval(since)[0] if since else 0,
                frozenset(types),
            )
        except (ValueError, OverflowError):
            raise FhirError("parameter-value", name="start, end, _since", expected="date") from None

    @property
    def dated(self) -> bool:
        return (self.start, self.end) != (MIN, MAX)

    def has(self, resource_type: str) -> bool:
        return not self.types or resource_type in self.types

    def clauses(self, resource_type: str) -> tuple[Clause, ...]:
        """For a search of one type."""
        out: list[Clause] = []
        if self.since:
            out.append(Updated(((Test("at", ">=", self.since),),)))
        codes = CARE_DATES.get(resource_type, ()) if self.dated else ()
        if codes:
            within = (Test("low", "<", self.end), Test("high", ">", self.start))
            groups: list[tuple[Clause, ...]] = [(Match(c, "date", (within,)),) for c in codes]
            groups.append(tuple(Match(c, "date", ((),), negate=True) for c in codes))
            out.append(AnyOf(tuple(groups)))
        return tuple(out)

    def keep(self, service: Service, found: Sequence[Stored], *, care: bool) -> list[Stored]:
        """The same for resources at hand; `care`: their dates of care count."""
        out = [e for e in found if self.has(e.resource_type) and e.updated >= self.since]
        if care and self.dated:
            out = [each for each in out if self._within(service, each)]
        return out

    def _within(self, service: Service, found: Stored) -> bool:
        known = service.registry.of(found.resource_type)
        codes = CARE_DATES.get(found.resource_type, ())
        mine = [row for c in codes for row in service.indexer.rows(found.resource, known[c])]
        return not mine or any(low < self.end and high > self.start for low, high in mine)
