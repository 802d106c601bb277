"""Headers: conditional reads, proxies, request ids, preferences, negotiation."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fhir_server.app import create_app
from fhir_server.http.site import Site, forwarded_pairs
from fhir_server.settings import Settings

from .conftest import FHIR, Api, code_of, open_api

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
PATIENT: Json = {"resourceType": "Patient", "id": "p1", "name": [{"text": "张三"}]}
LONG_AGO, TO_COME = "Wed, 21 Oct 2015 07:28:00 GMT", "Tue, 21 Oct 2099 07:28:00 GMT"

# --- conditional read: R4 http.html#cread, RFC 9110 section 13

CONDITIONS = [
    ({"if-none-match": 'W/"1"'}, 304),
    ({"if-none-match": '"1"'}, 304),
    ({"if-none-match": "1"}, 304),
    ({"if-none-match": '"7", W/"1"'}, 304),
    ({"if-none-match": "*"}, 304),
    ({"if-none-match": 'W/"2"'}, 200),
    ({"if-none-match": 'W/"11"'}, 200),
    ({"if-modified-since": TO_COME}, 304),
    ({"if-modified-since": LONG_AGO}, 200),
    ({"if-modified-since": "yesterday"}, 200),
    ({"if-modified-since": "99999999999"}, 200),
    ({"if-none-match": 'W/"2"', "if-modified-since": TO_COME}, 200),  # the ETag decides
    ({"if-none-match": 'W/"1"', "if-modified-since": LONG_AGO}, 304),
    ({}, 200),
]


@pytest.mark.parametrize(("headers", "status"), CONDITIONS)
async def test_conditional_read(api: Api, headers: dict[str, str], status: int) -> None:
    made = await api.update(PATIENT)
    for method in ("GET", "HEAD"):
        for path in ("Patient/p1", "Patient/p1/_history/1", "Patient/p1?_format=xml"):
            answer = await api.request(method, f"/fhir/{path}", headers=headers)
            assert answer.status_code == status, path
            assert answer.headers["etag"] == 'W/"1"'
            assert answer.headers["last-modified"] == made.headers["last-modified"]
            if status == 304:
                assert answer.content == b""
                assert "content-type" not in answer.headers
                assert "content-length" not in answer.headers


async def test_what_last_modified_says_is_not_modified_since(both: Api) -> None:
    made = await both.update(PATIENT)
    since = {"if-modified-since": made.headers["last-modified"]}
    assert (await both.get("/fhir/Patient/p1", headers=since)).status_code == 304
    tag = {"if-none-match": made.headers["etag"]}
    assert (await both.get("/fhir/Patient/p1", headers=tag)).status_code == 304
    await both.update({**PATIENT, "active": True})
    assert (await both.get("/fhir/Patient/p1", headers=tag)).status_code == 200


async def test_conditions_do_not_hide_what_is_gone(api: Api) -> None:
    headers = {"if-none-match": "*"}
    assert (await api.get("/fhir/Patient/p1", headers=headers)).status_code == 404
    await api.update(PATIENT)
    await api.delete("/fhir/Patient/p1")
    assert (await api.get("/fhir/Patient/p1", headers=headers)).status_code == 410


async def test_conditional_read_of_the_capabilities(api: Api) -> None:
    first = await api.get("/fhir/metadata")
    tag = first.headers["etag"]
    for method in ("GET", "HEAD"):
        again = await api.request(method, "/fhir/metadata", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        other = await api.request(method, "/fhir/metadata", headers={"if-none-match": 'W/"x"'})
        assert other.status_code == 200


async def test_conditional_read_in_a_batch(both: Api) -> None:
    await both.update(PATIENT)
    request = {"method": "GET", "url": "Patient/p1"}
    answer = await both.bundle(
        "batch",
        {"request": {**request, "ifNoneMatch": 'W/"1"'}},
        {"request": {**request, "ifNoneMatch": 'W/"2"'}},
        {"request": {**request, "ifModifiedSince": "2099-01-01T00:00:00+08:00"}},
        {"request": {**request, "ifModifiedSince": "2015-01-01T00:00:00Z"}},
    )
    statuses = [e["response"]["status"][:3] for e in answer.json()["entry"]]
    assert statuses == ["304", "200", "304", "200"]


# --- the address behind a proxy: RFC 7239 and X-Forwarded-*

PROXIED = [
    ({}, "http://test/fhir"),
    ({"forwarded": "proto=https;host=fhir.example.org"}, "https://fhir.example.org/fhir"),
    ({"forwarded": 'for=192.0.2.60;proto=https;host="fhir.example.org:8443", for=10.0.0.1'},
     "https://fhir.example.org:8443/fhir"),
    ({"forwarded": "Proto=HTTPS; Host=a.example"}, "https://a.example/fhir"),
    ({"forwarded": 'for="[2001:db8::1]";proto=https'}, "https://test/fhir"),
    ({"x-forwarded-proto": "https", "x-forwarded-host": "a.example"}, "https://a.example/fhir"),
    ({"x-forwarded-proto": "https, http", "x-forwarded-host": "a.example, b.internal"},
     "https://a.example/fhir"),
    ({"x-forwarded-proto": "https", "x-forwarded-host": "a.example", "x-forwarded-port": "443"},
     "https://a.example/fhir"),
    ({"x-forwarded-proto": "https", "x-forwarded-host": "a.example", "x-forwarded-port": "8443"},
     "https://a.example:8443/fhir"),
    ({"x-forwarded-host": "[2001:db8::1]:8080"}, "http://[2001:db8::1]:8080/fhir"),
    ({"x-forwarded-proto": "https"}, "https://test/fhir"),
    ({"x-forwarded-prefix": "/hospital"}, "http://test/hospital/fhir"),
    ({"x-forwarded-prefix": "/hospital/"}, "http://test/hospital/fhir"),
    ({"forwarded": "proto=https", "x-forwarded-proto": "http"}, "https://test/fhir"),
    # What is no address changes nothing.
    ({"x-forwarded-host": 'a"><script>'}, "http://test/fhir"),
    ({"x-forwarded-proto": "javascript"}, "http://test/fhir"),
    ({"x-forwarded-prefix": "//evil.example"}, "http://test/fhir"),
    ({"x-forwarded-prefix": "hospital"}, "http://test/fhir"),
    ({"x-forwarded-port": "port"}, "http://test/fhir"),
    ({"forwarded": "rubbish"}, "http://test/fhir"),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "base"), PROXIED)
async def test_the_address_behind_a_proxy(api: Api, headers: dict[str, str], base: str) -> None:
    made = await api.update(PATIENT, **headers)
    assert made.headers["location"] == f"{base}/Patient/p1/_history/1"
    found = (await api.get("/fhir/Patient", headers=headers)).json()
    assert found["entry"][0]["fullUrl"] == f"{base}/Patient/p1"
    statement = (await api.get("/fhir/metadata", headers=headers)).json()
    assert statement["implementation"]["url"] == base


HTTPS = {b"x-forwarded-proto": b"https", b"host": b"test"}
TRUST = [  # setting, peer, believed?
    ("127.0.0.1, ::1", "127.0.0.1", True),
    ("127.0.0.1, ::1", "::1", True),
    ("127.0.0.1, ::1", "::ffff:127.0.0.1", True),
    ("127.0.0.1, ::1", "10.0.0.7", False),
    ("10.0.0.0/8", "10.0.0.7", True),
    ("10.0.0.1/8", "10.9.9.9", True),
    ("10.0.0.0/8", "11.0.0.7", False),
    ("fd00::/8", "fd00::7", True),
    ("", "127.0.0.1", False),
    ("*", "203.0.113.9", True),
    ("*", "", True),
    ("127.0.0.1", "", False),
    ("127.0.0.1", "unix:", False),
]


@pytest.mark.parametrize(("trusted", "peer", "believed"), TRUST)
def test_only_trusted_proxies_are_believed(trusted: str, peer: str, believed: bool) -> None:
    base = Site("", trusted).base("http", peer, HTTPS)
    assert base == f"{'https' if believed else 'http'}://test/fhir"


def test_the_public_url_wins() -> None:
    assert Site("https://own/fhir", "*").base("http", "127.0.0.1", HTTPS) == "https://own/fhir"


def test_a_wrong_proxy_in_the_settings_is_named() -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies="nginx")


@pytest.fixture
async def stranger(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A client whose address is not trusted."""
    app = create_app(Settings(store=f"sqlite:{tmp_path / 'fhir.db'}"))
    transport = httpx2.ASGITransport(app=app, client=("203.0.113.9", 1))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


async def test_a_stranger_is_not_believed(stranger: httpx2.AsyncClient) -> None:
    headers = {**FHIR, "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    made = await stranger.post("/fhir/Patient", json=PATIENT, headers=headers)
    assert made.headers["location"].startswith("http://test/fhir/Patient/")


def test_the_first_element_of_forwarded() -> None:
    assert forwarded_pairs('for=1.2.3.4; proto=https;host="a\\"b", for=5') == {
        "for": "1.2.3.4", "proto": "https", "host": 'a"b'}  # fmt: skip
    assert forwarded_pairs("") == {}


# --- X-Request-Id

IDS = [("abc-123", True), ("a/b:c=d+e@f~", True), ("x" * 128, True), ("x" * 129, False),
       ("a b", False), ("张三", False), ("", False)]  # fmt: skip


@pytest.mark.parametrize(("given", "echoed"), IDS)
async def test_request_id(api: Api, given: str, echoed: bool) -> None:
    headers = {"x-request-id": given.encode()}
    for path in ("Patient/none", "Patient", "metadata"):
        answer = await api.get(f"/fhir/{path}", headers=headers)
        found = answer.headers["x-request-id"]
        assert (found == given) is echoed
        assert found


async def test_every_answer_has_its_own_request_id(api: Api) -> None:
    ids = {(await api.get("/fhir/Patient/none")).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


async def test_a_fault_is_logged_with_the_request_id(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from structlog.testing import capture_logs

    from fhir_server.storage.sqlite import SqliteStore

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(SqliteStore, "current", broken)
    with capture_logs() as logs:
        answer = await api.get("/fhir/Patient/a", headers={"x-request-id": "mine"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == "mine"
    assert [line["request_id"] for line in logs if line["log_level"] == "error"] == ["mine"]


# --- preferences and negotiation, as real clients send them

PREFER = [
    ("return=minimal", "", "return=minimal"),
    ("return=representation", "Patient", "return=representation"),
    ("return=OperationOutcome", "OperationOutcome", "return=OperationOutcome"),
    ("return=presentation", "Patient", None),  # fhirclient.js
    ("Return=Minimal", "Patient", None),
    ('return="minimal"', "", "return=minimal"),
    ("handling=lenient; return=minimal", "", "return=minimal"),
    ("respond=x, return=minimal, foo", "", "return=minimal"),
    (",;=", "Patient", None),
]


@pytest.mark.parametrize(("prefer", "kind", "applied"), PREFER)
async def test_prefer_return(api: Api, prefer: str, kind: str, applied: str | None) -> None:
    answer = await api.create(PATIENT, prefer=prefer)
    assert answer.status_code == 201
    assert (answer.json()["resourceType"] if answer.content else "") == kind
    assert answer.headers.get("preference-applied") == applied


HANDLING = [("", 400), ("handling=strict", 400), ("handling=lenient", 200), ("handling=x", 400)]


@pytest.mark.parametrize(("prefer", "status"), HANDLING)
async def test_prefer_handling(api: Api, prefer: str, status: int) -> None:
    answer = await api.get("/fhir/Patient?nothing=1", headers={"prefer": prefer})
    assert answer.status_code == status


async def test_a_header_that_comes_twice_is_one_list(api: Api) -> None:
    headers = [("prefer", "handling=lenient"), ("prefer", "return=minimal"),
               ("content-type", "application/fhir+json")]  # fmt: skip
    answer = await api.post("/fhir/Patient", content=json.dumps(PATIENT), headers=headers)
    assert (answer.status_code, answer.content) == (201, b"")
    twice = [("accept", "text/turtle"), ("accept", "application/fhir+xml")]
    answer = await api.get("/fhir/Patient", headers=twice)
    assert answer.headers["content-type"].startswith("application/fhir+xml")


CONTENT_TYPES = [
    ("application/fhir+json", 201),
    ("application/fhir+json; charset=utf-8", 201),
    ("application/fhir+json;charset=UTF-8", 201),
    ('application/fhir+json; fhirVersion=4.0; charset="utf-8"', 201),
    ("Application/JSON", 201),
    ("application/fhir+json; fhirVersion=5.0", 415),
    ("application/fhir+json; charset=latin1", 415),
    ("text/turtle", 415),
]


@pytest.mark.parametrize(("content_type", "status"), CONTENT_TYPES)
async def test_content_types(api: Api, content_type: str, status: int) -> None:
    answer = await api.post(
        "/fhir/Patient", content=json.dumps(PATIENT), headers={"content-type": content_type}
    )
    assert answer.status_code == status


ACCEPT = [
    ("application/fhir+json, */*; q=0.1", "application/fhir+json"),  # @medplum/core
    ("application/json", "application/json"),
    ("application/fhir+json;fhirVersion=4.0", "application/fhir+json"),
    ('application/fhir+json;fhirVersion="4.0.1"', "application/fhir+json"),
    ("application/fhir+json;fhirVersion=5.0, application/json;q=0.1", "application/json"),
    ("text/plain, */*;q=0.1", "application/fhir+json"),
    ("text/*", "application/json"),
    ("application/*", "application/fhir+json"),
    ("application/fhir+json;fhirVersion=5.0", ""),
    ("text/plain", ""),
    ("*/*;q=0", ""),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPT)
async def test_accept(api: Api, accept: str, expected: str) -> None:
    await api.update(PATIENT)
    for path in ("Patient/p1", "Patient"):
        answer = await api.get(f"/fhir/{path}", headers={"accept": accept})
        assert answer.status_code == (200 if expected else 406)
        wanted = expected or "application/fhir+json"
        assert answer.headers["content-type"] == f"{wanted}; charset=utf-8"


# --- addresses as clients send them


async def test_a_batch_to_the_base_with_and_without_the_slash(api: Api) -> None:
    body = {"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Patient"}}]}  # fmt: skip
    for path in ("/fhir", "/fhir/", "/fhir?_format=json", "/fhir/?_format=json"):
        answer = await api.post(path, json=body, headers=FHIR)
        assert answer.json()["type"] == "batch-response", path


async def test_a_put_with_a_query(api: Api) -> None:
    for query in ("?_format=json", "?_pretty=true", "?"):
        answer = await api.put(f"/fhir/Patient/p1{query}", json=PATIENT, headers=FHIR)
        assert answer.json()["id"] == "p1"


HEADS = ["Patient/p1", "Patient/p1/_history/1", "Patient/p1/_history", "Patient", "metadata",
         "Patient/none", "Nothing", "Patient?_summary=count"]  # fmt: skip


@pytest.mark.parametrize("path", HEADS)
async def test_head_is_get_without_the_body(api: Api, path: str) -> None:
    await api.update(PATIENT)
    got, head = await api.get(f"/fhir/{path}"), await api.head(f"/fhir/{path}")
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "content-length", "etag", "last-modified"):
        assert head.headers.get(name) == got.headers.get(name), name


async def test_browsers_of_other_origins_see_the_headers(api: Api) -> None:
    answer = await api.get("/fhir/metadata", headers={"origin": "http://elsewhere"})
    exposed = answer.headers["access-control-expose-headers"]
    for name in ("ETag", "Location", "X-Request-Id", "Content-Location", "Preference-Applied"):
        assert name in exposed
    ask = {"origin": "http://elsewhere", "access-control-request-method": "PUT",
           "access-control-request-headers": "x-provenance,x-request-id,if-none-match,prefer,"
           "content-encoding"}  # fmt: skip
    assert (await api.options("/fhir/Patient/1", headers=ask)).status_code == 200


async def test_public_url(tmp_path: Path, anyio_backend: str) -> None:
    settings = Settings(store=f"sqlite:{tmp_path / 'a.db'}", public_url="https://own.example/fhir/")
    async for client in open_api(settings):
        made = await client.create(PATIENT, **{"x-forwarded-host": "other.example"})
        assert made.headers["location"].startswith("https://own.example/fhir/Patient/")


# What clients send that R4 does not have, as it was watched; each must be answered.
CLIENTS = [  # request, headers
    ("/fhir/Patient?_count=0&_totalMethod=count", {}),  # fhirpy: count()
    ("/fhir/Patient?_elements=id,resourceType,active", {}),  # fhirpy: elements()
    ("/fhir/Patient", {"prefer": "return=presentation"}),  # fhirclient.js
    ("/fhir/Patient", {"accept": "application/fhir+json, */*; q=0.1"}),  # @medplum/core
    ("/fhir/Patient/?_count=1", {}),
    ("/fhir//Patient", {"accept": "application/json, text/plain, */*"}),  # axios
]


@pytest.mark.parametrize(("url", "headers"), CLIENTS)
async def test_what_clients_send(api: Api, url: str, headers: dict[str, str]) -> None:
    await api.update({"resourceType": "Patient", "id": "p1", "active": True, "gender": "male"})
    answer = await api.get(url, headers=headers)
    assert (answer.status_code, answer.json()["total"]) == (200, 1), answer.text
    for entry in answer.json().get("entry", []):
        assert entry["resource"]["active"] is True


async def test_a_content_type_that_is_sent_twice(api: Api) -> None:
    twice = {"content-type": "application/fhir+json, application/fhir+json; charset=utf-8"}
    answer = await api.post("/fhir/Patient", json={"resourceType": "Patient"}, headers=twice)
    assert answer.status_code == 201


async def test_a_total_method_that_is_none(api: Api) -> None:
    answer = await api.get("/fhir/Patient?_totalMethod=guess")
    assert (answer.status_code, code_of(answer)) == (400, "parameter-value")
