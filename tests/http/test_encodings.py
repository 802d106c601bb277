"""Content-Encoding both ways. Spec: RFC 9110 section 8.4 and 12.5.3, RFC 9659, RFC 7694"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.http.encodings import COMPRESS, DECOMPRESS, TooLargeError, choose
from fhir_server.model.json import encode
from fhir_server.xml import Xml

from .conftest import FHIR, Api, code_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

pytestmark = pytest.mark.anyio
PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p1", "name": [{"text": "张三" * 1000}]}
BODY = encode(PATIENT)
LIMIT = 16 * 1024 * 1024


def raw_deflate(body: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "deflate": zlib.compress,
}
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "deflate": zlib.decompress,
    "": bytes,
}

# RFC 9110 12.5.3: Accept-Encoding → Content-Encoding.
CHOICES = [
    ("gzip", "gzip"),
    ("br", "br"),
    ("zstd", "zstd"),
    ("deflate", "deflate"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("gzip, deflate, br", "br"),
    ("gzip;q=1.0, br;q=0.5, zstd;q=0.1", "gzip"),
    ("GZIP ; Q=0.9", "gzip"),
    ("gzip;q=0", ""),
    ("gzip;q=0, *;q=0.5", "zstd"),
    ("*", "zstd"),
    ("*;q=0", ""),
    ("identity", ""),
    ("identity;q=1, gzip;q=0.5", ""),
    ("identity;q=0.5, gzip;q=0.8", "gzip"),
    ("compress, sdch", ""),
    ("gzip;q=x", ""),
    ("", ""),
]


@pytest.mark.parametrize(("accept", "expected"), CHOICES)
async def test_answers(api: Api, accept: str, expected: str) -> None:
    assert choose(accept.encode()) == expected
    await api.update(PATIENT)
    for path in ("Patient/p1", "Patient", "metadata"):
        plain = await api.get(f"/fhir/{path}", headers={"accept-encoding": "identity"})
        request = api.build_request("GET", f"/fhir/{path}", headers={"accept-encoding": accept})
        answer = await api.send(request, stream=True)
        raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding", "") == expected
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert answer.headers["content-length"] == str(len(raw))
        text = UNPACK[expected](raw)
        if path != "Patient":  # a Bundle has its time in it
            assert text == plain.content


async def test_a_small_answer_is_not_compressed(api: Api) -> None:
    answer = await api.get("/fhir/Patient/none", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("name", sorted(PACK))
async def test_bodies(api: Api, name: str) -> None:
    headers = {**FHIR, "content-encoding": name}
    answer = await api.put("/fhir/Patient/p1", content=PACK[name](BODY), headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == PATIENT["name"]
    again = await api.put("/fhir/Patient/p1", content=PACK[name](BODY) + b"x", headers=headers)
    assert (again.status_code, code_of(again)) == (400, "body-encoding")
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Patient/p1"}}]}  # fmt: skip
    batch = await api.post("/fhir/", content=PACK[name](encode(bundle)), headers=headers)
    assert batch.json()["entry"][0]["resource"]["id"] == "p1"


async def test_a_search_form_and_xml_may_be_compressed_too(api: Api) -> None:
    await api.update(PATIENT)
    headers = {"content-type": "application/x-www-form-urlencoded", "content-encoding": "gzip"}
    body = gzip.compress(b"_id=p1")
    answer = await api.post("/fhir/Patient/_search", content=body, headers=headers)
    assert answer.json()["total"] == 1
    from fhir_server.definitions import r4

    headers = {"content-type": "application/fhir+xml", "content-encoding": "zstd"}
    body = zstd.compress(Xml(r4()).write({**PATIENT, "active": True}))
    answer = await api.put("/fhir/Patient/p1", content=body, headers=headers)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')


async def test_two_codings_and_identity(api: Api) -> None:
    body = brotli.compress(gzip.compress(BODY))
    headers = {**FHIR, "content-encoding": "identity, gzip, br"}
    answer = await api.put("/fhir/Patient/p1", content=body, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("name", sorted(PACK))
async def test_a_bomb_is_refused(api: Api, name: str) -> None:
    bomb = PACK[name](b" " * 60_000_000)
    assert len(bomb) < 1_000_000
    headers = {**FHIR, "content-encoding": name}
    answer = await api.post("/fhir/Patient", content=bomb, headers=headers)
    assert (answer.status_code, code_of(answer)) == (413, "body-too-large")


@pytest.mark.parametrize("name", sorted(PACK))
async def test_broken_data_is_refused(api: Api, name: str) -> None:
    packed = PACK[name](BODY)
    headers = {**FHIR, "content-encoding": name}
    for body in (packed[:-5], packed[: len(packed) // 2], b"x" + packed, b"\xff\xff", b"{}"):
        answer = await api.post("/fhir/Patient", content=body, headers=headers)
        assert (answer.status_code, code_of(answer)) == (400, "body-encoding"), body[:20]
    assert await api.ids("Patient") == []


UNKNOWN = ["compress", "gzip, gzip, gzip", "exi", "gzip;q=1"]


@pytest.mark.parametrize("name", UNKNOWN)
async def test_an_unknown_encoding_names_those_that_work(api: Api, name: str) -> None:
    headers = {**FHIR, "content-encoding": name}
    answer = await api.post("/fhir/Patient", content=BODY, headers=headers)
    assert (answer.status_code, code_of(answer)) == (415, "media-encoding")
    assert answer.headers["accept-encoding"] == "gzip, br, zstd, deflate"


async def test_forms_may_be_compressed(api: Api) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    name = (await api.get("/forms")).json()["forms"][0]["id"]
    answer = await api.post(f"/forms/{name}", content=gzip.compress(b"{}"), headers=headers)
    assert answer.status_code == 422
    broken = await api.post(f"/forms/{name}", content=b"{}", headers=headers)
    assert broken.status_code == 400


@given(st.binary(max_size=3000), st.sampled_from(sorted(COMPRESS)))
def test_what_is_packed_here_is_unpacked_here(body: bytes, name: str) -> None:
    assert DECOMPRESS[name](COMPRESS[name](body), LIMIT) == body
    assert DECOMPRESS["deflate"](raw_deflate(body), LIMIT) == body


@pytest.mark.parametrize("name", sorted(COMPRESS))
def test_the_limit_is_exact(name: str) -> None:
    packed = COMPRESS[name](b"a" * 1000)
    assert len(DECOMPRESS[name](packed, 1000)) == 1000
    with pytest.raises(TooLargeError):
        DECOMPRESS[name](packed, 999)
