"""The validator: a resource in, issues out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..definitions import r4
from ..errors import ERRORS, Issue
from ..terminology.systems import FindSystem
from .compiler import Compiler
from .findings import ERROR, Finding, Findings
from .membership import Terms
from .run import Run
from .scope import Scope

Json: TypeAlias = dict[str, Any]
MAX_ISSUES = 200
_ORDER = {"fatal": 0, "error": 1, "warning": 2, "information": 3}


@dataclass(frozen=True, slots=True)
class ValidationIssue:
    """One finding.

    Shape: `expression` is FHIRPath with indexes; `message_id` is stable; `profile` the canonical
    with version of the profile that asks for it, "" for the base definition; `constraint` the key
    of an invariant. Texts say what was expected, never what was found.
    """

    severity: str
    code: str
    message_id: str
    expression: str
    args: Json
    profile: str = ""
    constraint: str = ""

    def text(self, language: str = "zh") -> str:
        return self.issue.text(language)

    @property
    def issue(self) -> Issue:
        return Issue(self.message_id, self.expression, dict(self.args), self.severity)


class Validator:
    """Checks resources against R4 4.0.1, their profiles, and profiles asked for.

    `resources`: StructureDefinitions, ValueSets, CodeSystems and Questionnaires to know besides
    those of R4. `unknown_extensions`: "information" or "error". `loaded`: code systems of the
    embedded terminology file.
    """

    def __init__(
        self,
        resources: Iterable[Json] = (),
        *,
        unknown_extensions: str = "information",
        loaded: FindSystem | None = None,
    ) -> None:
        self.scope = Scope()
        self.scope.add(resources)
        self._unknown, self._loaded = unknown_extensions, loaded
        self.forget()

    def add(self, resources: Iterable[Json]) -> int:
        """Further profiles and value sets, of use at once. The number of those that are."""
        count = self.scope.add(resources)
        self.forget()
        return count

    def forget(self) -> None:
        """Compile anew at the next resource."""
        self.terms = Terms(self.scope.find, self._loaded)
        self.compiler = Compiler(
            r4(), self.scope.profile, self.terms, self.scope.questionnaire, self._unknown
        )
        self._environment = {
            "memberOf": self._member_of,
            "conformsTo": self._conforms_to,
            "ucum": "http://unitsofmeasure.org",
            "sct": "http://snomed.info/sct",
            "loinc": "http://loinc.org",
        }

    def validate(
        self, resource: Json, *, profiles: Sequence[str] = (), limit: int = MAX_ISSUES
    ) -> list[ValidationIssue]:
        """All issues, errors first; at most `limit` and one that says that there are more.

        Shape: a resource as decoded from JSON. Errors: none; a wrong resource gives issues.
        """
        name = resource.get("resourceType") if type(resource) is dict else None
        shown = name if type(name) is str and r4().is_resource(name) else "Resource"
        found = self._findings(resource, profiles)
        return issues_of(found, shown, limit) if found else []

    def _findings(self, resource: Json, profiles: Sequence[str]) -> Findings:
        compiler = self.compiler
        run = Run(compiler, resource, self._environment)
        found = compiler.resource(resource, None, run)
        for url in profiles:
            if type(resource) is not dict:
                break
            wrong = compiler.profile(url)(resource, None, run)
            if wrong is not None:
                found = [*(found or ()), *map(_asked, wrong)]
        return found

    def _member_of(self, value: Any, url: Any) -> bool | None:
        member = self.terms.member(str(url))
        if member is None:
            return None
        codings = value.get("coding", [value]) if type(value) is dict else [{"code": value}]
        answers = [member(c.get("system"), c.get("code", "")) for c in codings if type(c) is dict]
        return True if True in answers else (None if None in answers else False)

    def _conforms_to(self, value: Any, url: Any) -> bool | None:
        if type(value) is not dict or not self.compiler.knows(str(url)):
            return None
        run = Run(self.compiler, value, self._environment)
        found = self.compiler.profile(str(url))(value, None, run)
        return not any(each[3] == "error" for each in found or ())


def _asked(finding: Finding) -> Finding:
    """What the caller asks for and cannot be had is an error, not advice."""
    at, code, args, severity = finding
    if code in ("valid-profile-unknown", "valid-profile-broken") and at == "":
        return at, code, args, ERROR
    return at, code, args, severity


def issues_of(found: list[Finding], root: str, limit: int) -> list[ValidationIssue]:
    """Findings as issues, each once, errors first."""
    out: dict[tuple[str, ...], ValidationIssue] = {}
    for at, code, args, severity in found:
        rest = {k: v for k, v in args.items() if k != "profile"}
        key = (at, code, repr(sorted(rest.items(), key=str)))
        if key not in out or _ORDER[severity] < _ORDER[out[key].severity]:
            out[key] = ValidationIssue(
                severity,
                ERRORS[code].issue,
                code,
                root + at,
                rest,
                str(args.get("profile", "")),
                str(args.get("constraint", "")),
            )
    issues = sorted(out.values(), key=lambda i: _ORDER[i.severity])
    if len(issues) <= limit:
        return issues
    more = ValidationIssue("information", "too-long", "structure-many", root, {"limit": limit})
    return [*issues[:limit], more]
