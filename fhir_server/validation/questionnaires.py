"""A QuestionnaireResponse against its Questionnaire.

Spec: http://hl7.org/fhir/R4/questionnaireresponse.html#link and questionnaire.html
Not supported: answers whose value set is not at hand; they are let pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answers import check_answer, value_of_answer
from .enabling import Answers, is_enabled
from .findings import ERROR, INFORMATION, WARNING, Finding, Findings, Json, below, one
from .rules.invariants import compile_invariants

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run


CONSTRAINT = "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint"
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
_FINAL = frozenset(("completed", "amended"))


@dataclass(frozen=True, slots=True)
class Response:
    """One response being checked. `final`: a draft need not be complete."""

    compiler: Compiler
    run: Run
    answers: Answers
    final: bool


def check_response(compiler: Compiler, resource: Json, run: Run) -> Findings:
    """All findings of a QuestionnaireResponse that its Questionnaire gives rise to."""
    canonical = resource.get("questionnaire")
    if type(canonical) is not str:
        return one("questionnaire-none", INFORMATION)
    questionnaire = _questionnaire(compiler, canonical, run)
    if questionnaire is None:
        return one("questionnaire-unknown", WARNING, at=".questionnaire")
    items, asked = list_of(resource), list_of(questionnaire)
    final = resource.get("status") in _FINAL
    response = Response(compiler, run, Answers(items), final)
    found = _items(response, items, asked, "")
    found += _constraints(response, questionnaire, [("", resource)], "QuestionnaireResponse")
    return found or None


def _questionnaire(compiler: Compiler, canonical: str, run: Run) -> Json | None:
    if canonical.startswith("#"):
        found = run.contained(canonical[1:])
        return found if found is not None and found.get("resourceType") == "Questionnaire" else None
    return compiler.questionnaire(canonical)


def list_of(holder: Any, name: str = "item") -> list[Json]:
    held = holder.get(name) if type(holder) is dict else None
    return [each for each in held if type(each) is dict] if type(held) is list else []


def _items(response: Response, given: list[Json], asked: list[Json], at: str) -> list[Finding]:
    """The items at one level of the response against those at the same level of the form."""
    found: list[Finding] = []
    order = {each.get("linkId"): i for i, each in enumerate(asked)}
    last = -1
    by_link: dict[Any, list[tuple[str, Json]]] = {}
    for i, each in enumerate(given):
        where, link = f"{at}.item[{i}]", each.get("linkId")
        if link not in order:
            found += one("questionnaire-link", at=where + ".linkId")
            continue
        if order[link] < last:
            found += one("questionnaire-order", at=where)
        last = max(last, order[link])
        by_link.setdefault(link, []).append((where, each))
    for question in asked:
        found += _question(response, question, by_link.get(question.get("linkId"), []), at)
    return found


def _question(
    response: Response, question: Json, given: list[tuple[str, Json]], at: str
) -> list[Finding]:
    """One question with all items that answer it."""
    found: list[Finding] = []
    kind = question.get("type", "")
    enabled = is_enabled(question, response.answers)
    answers = [
        (f"{where}.answer[{i}]", answer)
        for where, each in given
        for i, answer in enumerate(list_of(each, "answer"))
    ]
    answered = bool(answers) or (kind == "group" and any(list_of(each) for _, each in given))
    place = given[0][0] if given else at
    if not enabled:
        return one("questionnaire-disabled", at=place) if answered and response.final else []
    if question.get("required") is True and not answered and kind != "display" and response.final:
        found += one("questionnaire-required", at=place, expected=question.get("linkId", ""))
    found += _counts(question, given, answers, place, response.final)
    for where, each in given:
        found += _item(response, question, where, each)
    found += _constraints(response, question, given, "QuestionnaireResponse.item")
    return found


def _counts(
    question: Json,
    given: list[tuple[str, Json]],
    answers: Sequence[tuple[str, Json]],
    place: str,
    final: bool,
) -> list[Finding]:
    found: list[Finding] = []
    is_group = question.get("type") == "group"
    number = len(given) if is_group else len(answers)
    if question.get("repeats") is not True and number > 1:
        found += one("questionnaire-once", at=place)
    least = extension(question, _EXTENSION + "questionnaire-minOccurs")
    most = extension(question, _EXTENSION + "questionnaire-maxOccurs")
    if type(least) is int and number < least and final and (given or least > 1):
        found += one("questionnaire-few", at=place, min=least)
    if type(most) is int and number > most:
        found += one("questionnaire-many", at=place, max=most)
    return found


def _item(response: Response, question: Json, where: str, given: Json) -> list[Finding]:
    found: list[Finding] = []
    kind, asked = question.get("type", ""), list_of(question)
    text, wanted = given.get("text"), question.get("text")
    if type(text) is str and type(wanted) is str and text != wanted:
        found += one("questionnaire-text", INFORMATION, at=where + ".text")
    answers = list_of(given, "answer")
    if kind in ("group", "display") and answers:
        found += one("questionnaire-no-answer", at=where + ".answer", expected=kind)
        if response.final:
            found += _items(response, list_of(given), asked, where)
        return found
    if kind == "group":
        return found + _items(response, list_of(given), asked, where)
    found += [
        each
        for i, _ in enumerate(list_of(given))
        for each in one("questionnaire-link", at=f"{where}.item[{i}].linkId")
    ]
    for i, answer in enumerate(answers):
        at = f"{where}.answer[{i}]"
        if value_of_answer(answer) is not None:
            inside = check_answer(response.compiler, question, answer, response.run)
            found += below(at, inside or [])
        found += _items(response, list_of(answer), asked, at)
    return found


def _constraints(
    response: Response, question: Json, given: Sequence[tuple[str, Json]], type_name: str
) -> list[Finding]:
    """The extension questionnaire-constraint, with %questionnaire as the form."""
    found: list[Finding] = []
    for rule in _rules(question):
        checks, broken = compile_invariants([rule], type_name, "")
        if broken:
            return one("valid-invariant-run", INFORMATION, constraint=rule["key"])
        for where, each in given:
            for check in checks:
                found += below(where, check(each, None, response.run) or [])
    return found


def _rules(question: Json) -> Iterator[Json]:
    for each in question.get("extension", ()):
        if type(each) is dict and each.get("url") == CONSTRAINT:
            parts = {p.get("url"): value_of_answer(p) for p in list_of(each, "extension")}
            if type(parts.get("expression")) is str and "%" not in parts["expression"]:
                severity = "error" if parts.get("severity") == ERROR else WARNING
                yield {"key": str(parts.get("key", "")), "severity": severity,
                       "expression": parts["expression"], "human": parts.get("human")}  # fmt: skip


def extension(question: Json, url: str) -> Any:
    """The value of the first extension of a url; None without one."""
    for each in question.get("extension", ()):
        if type(each) is dict and each.get("url") == url:
            return value_of_answer(each)
    return None
