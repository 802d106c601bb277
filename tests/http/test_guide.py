"""/guide over HTTP. Spec: docs/guide.md"""

from __future__ import annotations

import gzip

import pytest

from fhir_server.guide import POLICY
from tests.guide.conftest import content, guide
from tests.http.conftest import Api


async def test_the_address_without_a_slash_leads_to_the_first_page(api: Api):
    answer = await api.get("/guide")
    assert answer.status_code == 308
    assert answer.headers["location"] == "guide/"  # relative: a proxy may add a prefix
    first = await api.get("/guide/")
    assert first.status_code == 200
    assert first.content == content("index.html")
    assert (await api.get("/guide/index.html")).content == first.content


KINDS = [
    ("index.html", "text/html; charset=utf-8"),
    ("guide.css", "text/css; charset=utf-8"),
    ("guide.js", "text/javascript; charset=utf-8"),
    ("workflow.svg", "image/svg+xml; charset=utf-8"),
    ("StructureDefinition-up-referral-request.json", "application/fhir+json; charset=utf-8"),
    ("StructureDefinition-up-referral-request.xml", "application/fhir+xml; charset=utf-8"),
    (guide().archive_name, "application/gzip"),
]


@pytest.mark.parametrize(("name", "media"), KINDS)
async def test_each_file_has_its_type_and_the_same_bytes_as_the_static_site(
    api: Api, name: str, media: str
):
    answer = await api.get(f"/guide/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert answer.content == content(name)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "public, max-age=300"


async def test_a_page_that_has_not_changed_is_not_sent_again(api: Api):
    first = await api.get("/guide/workflow.html")
    again = await api.get("/guide/workflow.html", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = await api.get("/guide/workflow.html", headers={"if-none-match": 'W/"0"'})
    assert other.status_code == 200


async def test_head_answers_without_a_body(api: Api):
    answer = await api.head("/guide/workflow.html")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"]


async def test_a_page_is_compressed_for_who_takes_it(api: Api):
    async with api.stream(
        "GET", "/guide/workflow.html", headers={"accept-encoding": "gzip"}
    ) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == content("workflow.html")


MISSING = ["no.html", "a/b.html", "../pyproject.toml", "%2e%2e/app.py", "static/guide.css", "x<b>"]


@pytest.mark.parametrize("path", MISSING)
async def test_an_unknown_page_says_so_in_both_languages(api: Api, path: str):
    answer = await api.get(f"/guide/{path}")
    assert answer.status_code == 404
    if path.startswith(".."):
        return  # the client itself has made another address of it
    assert answer.headers["content-type"].startswith("text/html")
    assert "没有此页" in answer.text
    assert "No such page" in answer.text
    assert "<b>" not in answer.text
    up = "../" * path.replace("%2e", ".").count("/")
    assert f'href="{up}guide.css"' in answer.text


async def test_only_get_is_taken(api: Api):
    answer = await api.post("/guide/index.html")
    assert answer.status_code == 405


async def test_the_home_page_leads_to_the_guide(api: Api):
    assert 'href="guide/"' in (await api.get("/")).text
