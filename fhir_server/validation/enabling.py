"""Which questions are enabled by the answers to others.

Spec: http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen
"""

from __future__ import annotations

from typing import Any

from .answers import value_of_answer
from .findings import Json
from .rules.values import compare, same


class Answers:
    """All answers of a response by linkId. Shape: {linkId: [value, ...]}, empty for none."""

    def __init__(self, items: list[Json]) -> None:
        self.values: dict[str, list[Any]] = {}
        waiting = list(items)
        while waiting:
            each = waiting.pop()
            held = each.get("answer")
            values = self.values.setdefault(str(each.get("linkId")), [])
            for answer in held if type(held) is list else ():
                if type(answer) is dict:
                    value = value_of_answer(answer)
                    values += [] if value is None else [value]
                    waiting += _dicts(answer.get("item"))
            waiting += _dicts(each.get("item"))


def _dicts(held: Any) -> list[Json]:
    return [each for each in held if type(each) is dict] if type(held) is list else []


def is_enabled(question: Json, answers: Answers) -> bool:
    """Any of the conditions, or all of them; without conditions always."""
    conditions = _dicts(question.get("enableWhen"))
    if not conditions:
        return True
    results = [_holds(each, answers) for each in conditions]
    return all(results) if question.get("enableBehavior") == "all" else any(results)


def _holds(condition: Json, answers: Answers) -> bool:
    values = answers.values.get(str(condition.get("question")), [])
    operator = condition.get("operator")
    wanted = next((v for k, v in condition.items() if k.startswith("answer")), None)
    if operator == "exists":
        return bool(values) is (wanted is True)
    if operator == "=":
        return any(_equal(value, wanted) for value in values)
    if operator == "!=":
        return not any(_equal(value, wanted) for value in values)
    orders = [compare(value, wanted) for value in values]
    tests = {">": (1,), "<": (-1,), ">=": (0, 1), "<=": (-1, 0)}
    return any(order in tests.get(str(operator), ()) for order in orders if order is not None)


def _equal(value: Any, wanted: Any) -> bool:
    """Codings are equal by system and code, whatever their display."""
    if type(value) is dict and type(wanted) is dict and "code" in wanted:
        return (value.get("system"), value.get("code")) == (
            wanted.get("system", value.get("system")),
            wanted["code"],
        )
    return same(value, wanted)
