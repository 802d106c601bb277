"""docs/rest/: a page for each interaction that is declared, with answers that are true."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from fhir_server.app import build_service, build_store
from fhir_server.interactions.capabilities import statement
from fhir_server.settings import Settings
from tools.build_rest_pages import FOLDER, examples, run_page, settled

ROOT = Path(__file__).parent.parent
# What runs in the background answers something else each time; it has tests of its own.
PAGES = sorted(each for each in FOLDER.glob("*.md") if each.stem != "async")
ABOUT_ALL = {"README", "formats"}  # pages of no single interaction
# Facts of the CapabilityStatement, beside codes of interactions, that a page explains.
FLAGS = {"updateCreate", "conditionalCreate", "conditionalRead", "conditionalUpdate",
         "conditionalDelete", "patchFormat", "operation"}  # fmt: skip


def declared_by(page: Path) -> set[str]:
    found = re.search(r"Declared\s+as:(.*?)\n\n", page.read_text("utf-8"), re.DOTALL)
    assert found, f"{page.name} does not say how it is declared"
    return set(re.findall(r"`([\w-]+)`", found[1]))


def declared() -> set[str]:
    """What the CapabilityStatement says that it does."""
    settings = Settings(store="sqlite:unused")
    whole = statement(build_service(settings, build_store(settings)), "http://x/fhir")
    rest = whole["rest"][0]
    out = {each["code"] for each in rest["interaction"]}
    keys = set(whole) | set(rest)
    for resource in rest["resource"]:
        out |= {each["code"] for each in resource["interaction"]}
        keys |= {name for name, value in resource.items() if value not in (False, "not-supported")}
    return out | (keys & FLAGS)


def test_every_declared_interaction_has_a_page_and_every_page_is_declared() -> None:
    pages = [page for page in PAGES if page.stem not in ABOUT_ALL]
    told = Counter(name for page in pages for name in declared_by(page) - {"rest"})
    assert told.keys() == declared()
    # R4 has no flag for a conditional patch: its page names those of its two halves.
    twice = {name for name, count in told.items() if count > 1}
    assert twice == declared_by(FOLDER / "conditional-patch.md")
    index = (FOLDER / "README.md").read_text("utf-8")
    for page in pages:
        assert f"({page.name})" in index, page.name


def test_settings_that_are_named_exist() -> None:
    known = {f"FHIR_SERVER_{name.upper()}" for name in Settings.model_fields}
    named = set()
    for page in [*PAGES, ROOT / "docs" / "search.md", ROOT / "docs" / "limits.md"]:
        named |= set(re.findall(r"FHIR_SERVER_(?!TEST_)\w+", page.read_text("utf-8")))
    assert named <= known
    of_rest = {"MAX_BODY_BYTES", "MAX_BUNDLE_ENTRIES", "BUNDLE_CONCURRENCY", "MAX_CASCADE",
               "MAX_CONDITIONAL_DELETES", "REFERENTIAL_INTEGRITY"}  # fmt: skip
    assert {f"FHIR_SERVER_{name}" for name in of_rest} <= named


TEXTS = {page: page.read_text("utf-8") for page in PAGES if page.stem not in ABOUT_ALL}


@pytest.mark.anyio
@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.stem)
async def test_the_examples_answer_what_the_page_says(page: Path) -> None:
    """Where it fails: tools/build_rest_pages.py writes the answers of now; look at what changed."""
    text = TEXTS[page]
    wanted = examples(text)
    assert wanted, "a page has an example"
    assert any(answer for _, answer in wanted)
    for (command, expected), found in zip(wanted, await run_page(text), strict=True):
        if expected:
            assert settled(found) == settled(expected), command
