"""How to exchange: each page is what the server answers today.

Where this fails because the server answers differently for a good reason:
python -m tools.record_exchange, and look at the difference.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from fhir_server.guide.exchange import load_exchanges
from tests.guide.conftest import page
from tools.record_exchange import FOLDER, record

Json = dict[str, Any]
EXCHANGES = {e.name: e for e in load_exchanges(FOLDER)}


def test_the_flows_that_a_reader_needs_are_there():
    assert list(EXCHANGES) == [
        "up-referral",
        "down-referral",
        "exam-request",
        "remote-consultation",
        "validate",
        "history",
    ]


@pytest.mark.parametrize("name", EXCHANGES)
async def test_the_server_answers_as_the_page_says(name: str):
    recorded = json.loads((FOLDER / f"{name}.answers.json").read_text("utf-8"))
    answers = await record(EXCHANGES[name])
    assert len(answers) == len(recorded) == len(EXCHANGES[name].steps)
    for step, answer, known in zip(EXCHANGES[name].steps, answers, recorded, strict=True):
        assert comparable(answer) == comparable(known), step.title.en


def comparable(answer: Json) -> Json:
    """Of an OperationOutcome its errors with place, code and text: advice may come and go."""
    body = answer["body"]
    if not body or body["resourceType"] != "OperationOutcome":
        return answer
    errors = [
        (i["code"], i["details"]["coding"][0]["code"], i["details"]["text"], i["expression"])
        for i in body["issue"]
        if i["severity"] == "error"
    ]
    return {**answer, "body": errors}


@pytest.mark.parametrize("name", EXCHANGES)
def test_the_page_shows_every_request_with_its_answer(name: str):
    exchange = EXCHANGES[name]
    shown = ["".join(p.itertext()) for p in page(exchange.page).iter("pre")]
    assert len(shown) == 2 * len(exchange.steps)
    for i, (step, answer) in enumerate(zip(exchange.steps, exchange.answers, strict=True)):
        assert shown[2 * i].startswith(f"{step.method} {step.path}")
        assert shown[2 * i + 1].startswith(f"HTTP/1.1 {answer.status}")
        for text, value in ((shown[2 * i], step.body), (shown[2 * i + 1], answer.body)):
            if value is not None:
                assert json.loads(text.partition("\n\n")[2]) == value
