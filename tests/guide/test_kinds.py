"""Pages of the kinds that say what a server or a client does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

from fhir_server.guide import Guide
from fhir_server.model.folders import data_folder
from tests.guide.conftest import Element, text_of

BASE = "http://referral.consortium.cn/fhir"
PARAMETER = {
    "resourceType": "SearchParameter",
    "id": "task-test-due",
    "url": f"{BASE}/SearchParameter/task-test-due",
    "name": "TaskTestDue",
    "description": "时限到期 / When a limit is due",
    "code": "test-due",
    "base": ["Task"],
    "type": "date",
    "expression": "Task.extension.where(url = 'x').value",
}
ACTOR = {
    "resourceType": "CapabilityStatement",
    "id": "test-actor",
    "url": f"{BASE}/CapabilityStatement/test-actor",
    "title": "电子病历厂商 / EHR vendor",
    "rest": [
        {
            "mode": "client",
            "documentation": "发送转诊 / sends referrals",
            "resource": [
                {
                    "type": "Task",
                    "supportedProfile": [f"{BASE}/StructureDefinition/referral-task"],
                    "interaction": [{"code": "update"}, {"code": "search-type"}],
                    "searchParam": [
                        {"name": "test-due", "type": "date", "definition": PARAMETER["url"]}
                    ],
                    "operation": [
                        {
                            "name": "referral-history",
                            "definition": f"{BASE}/OperationDefinition/patient-referral-history",
                        }
                    ],
                }
            ],
            "interaction": [{"code": "transaction"}],
        }
    ],
}


def made(tmp_path: Path) -> Guide:
    profiles = tmp_path / "profiles"
    shutil.copytree(data_folder("profiles"), profiles)
    for each in (PARAMETER, ACTOR):
        name = f"{each['resourceType']}-{each['id']}.json"
        (profiles / "package" / name).write_text(json.dumps(each), "utf-8")
    return Guide(profiles=profiles)


def page(guide: Guide, name: str) -> Element:
    found = guide.read(name)
    assert found is not None
    return ElementTree.fromstring(found[0].decode().strip().removeprefix("<!DOCTYPE html>"))


def test_what_an_actor_does_and_how_a_parameter_is_used(tmp_path: Path):
    guide = made(tmp_path)
    actor = page(guide, "CapabilityStatement-test-actor.html")
    links = {a.get("href") for a in actor.iter("a")}
    assert {
        "StructureDefinition-referral-task.html",
        "SearchParameter-task-test-due.html",
        "OperationDefinition-patient-referral-history.html",
    } <= links
    said = text_of(actor)
    for word in (
        "作为客户端",
        "发送转诊",
        "update",
        "search-type",
        "transaction",
        "$referral-history",
    ):
        assert word in said
    parameter = text_of(page(guide, "SearchParameter-task-test-due.html"))
    assert "GET /fhir/Task?test-due=" in parameter
    assert "where(url = 'x')" in parameter
    listed = {a.get("href") for a in page(guide, "interfaces.html").iter("a")}
    assert {"CapabilityStatement-test-actor.html", "SearchParameter-task-test-due.html"} <= listed
