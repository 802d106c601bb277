"""Requests to every interaction, each right in most of it and wrong somewhere. By number: the same
number is the same request again."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_from_bytes

from fhir_server.definitions import r4

from . import words
from .resources import resource
from .values import CANARY, bad_value, mutated, spoiled, to_json

Json = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire."""

    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None

    def wire(self) -> bytes:
        head = [f"{self.method} {self.target} HTTP/1.1"]
        if all(name != "Host" for name, _ in self.headers):
            head.append("Host: localhost")
        head += [f"{name}: {value}" for name, value in self.headers]
        if self.body is not None:
            head.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + (self.body or b"")


def _escaped(rng: random.Random, text: str) -> str:
    if rng.random() < 0.02:
        return rng.choice(words.BROKEN_ESCAPES)
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe=":|$.,*")


def query(rng: random.Random, resource_type: str, known: tuple[str, ...] = ()) -> str:
    """Search parameters, or mostly those of `known`."""
    parameters = [p.code for p in r4().search_parameters if resource_type in p.base]
    pairs = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        if known and rng.random() < 0.9:
            name = rng.choice(known)
        else:
            name = rng.choice(parameters if rng.random() < 0.6 and parameters else words.PARAMETERS)
        own = words.VALUES_OF.get(name, words.VALUES)
        value = rng.choice(own if rng.random() < 0.7 else words.VALUES)
        name += rng.choice(words.MODIFIERS) if rng.random() < 0.5 else ""
        pairs.append(f"{_escaped(rng, name)}={_escaped(rng, value)}")
    return "?" + rng.choice(("&", "&", "&", ";", "&&")).join(pairs)


def place(rng: random.Random, resource_type: str) -> tuple[str, tuple[str, ...]]:
    """A path below the base, and the methods that it takes."""
    id = _escaped(rng, rng.choice(words.IDS[:2] if rng.random() < 0.7 else words.IDS))
    operation = rng.choice(words.OPERATIONS)
    instance, every = f"/{resource_type}/{id}", words.METHODS[:6]
    read, both, change = ("GET",), ("GET", "POST"), ("PUT", "PATCH")
    return rng.choice(
        (
            *[("", ("POST",))] * 3,
            *[(f"/{resource_type}", both)] * 2,
            *[(instance, change)] * 2,
            (f"/{resource_type}", every),
            (instance, every),
            (f"/{resource_type}/_search", ("POST",)),
            ("/_search", ("POST",)),
            (f"/{resource_type}/_history", read),
            ("/_history", read),
            (f"{instance}/_history", read),
            (f"{instance}/_history/{rng.choice(words.VERSIONS)}", ("GET", "DELETE")),
            (f"{instance}/{operation}", both),
            (f"/{operation}", both),
            (f"/{resource_type}/{operation}", both),
            (f"/Patient/{id}/{resource_type}", read),
            (f"/Patient/{id}/*", read),
            ("", read),
            ("/metadata", read),
            (f"/{CANARY}", read),
            ("//", every),
            (f"/{resource_type.lower()}/{id}", every),
            (f"{instance}/x/y/z", every),
        )
    )


def bundle(rng: random.Random) -> Json:
    entries = [_entry(rng, n) for n in range(rng.choice((1, 2, 4)))]
    kind = rng.choice(("transaction", "batch"))
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def _entry(rng: random.Random, number: int) -> Json:
    resource_type = rng.choice(words.TYPES)
    method = rng.choice(words.METHODS[:6])
    url = place(rng, resource_type)[0].removeprefix("/")
    right = resource_type if method == "POST" else f"{resource_type}/a"
    url = rng.choice((right, right, f"{resource_type}?_id=a", url))
    request: Json = {"method": method, "url": url}
    for name in ("ifMatch", "ifNoneExist", "ifNoneMatch", "ifModifiedSince"):
        if rng.random() < 0.1:
            request[name] = rng.choice(words.VALUES)
    if method not in ("POST", "PUT", "PATCH"):
        return {"request": request}
    content = {**resource(rng, resource_type), "id": "a"}
    uuid = f"urn:uuid:0b7e7d39-8c1a-4ae5-9b3c-5a1d3e0a000{number}"
    full_url = rng.choice((uuid, f"http://x/{number}"))
    return {"fullUrl": full_url, "resource": content, "request": request}


def parameters(rng: random.Random) -> Json:
    names = ("meta", "return", "operation", "path", "type", "value", "name", "resource", "start")
    kinds = ("valueString", "valueCode", "valueMeta", "resource")
    found = []
    for _ in range(rng.choice((1, 2, 3))):
        value = rng.choice(("a", bad_value(rng), {"tag": [{"code": "x"}]}, resource(rng, "Basic")))
        found.append({"name": rng.choice(names), rng.choice(kinds): value})
    return {"resourceType": "Parameters", "parameter": found}


def patch(rng: random.Random) -> Any:
    """JSON Patch, FHIRPath Patch, or a merge patch."""
    op = rng.choice(("add", "remove", "replace", "move", "copy", "test", CANARY))
    at = rng.choice(words.PATCH_PATHS)
    operations = [{"op": op, "path": at, "value": bad_value(rng), "from": at}]
    kind = rng.choice(("add", "insert", "delete", "replace", "move", "x"))
    parts = [
        {"name": "type", "valueCode": kind},
        {"name": "path", "valueString": rng.choice(words.FHIRPATHS)},
        {"name": "name", "valueString": rng.choice(("active", "birthDate", CANARY, ""))},
        {"name": "value", rng.choice(("valueString", "valueBoolean", "valueX")): bad_value(rng)},
        {"name": "index", "valueInteger": rng.choice((0, -1, 10**9))},
    ]
    parameter = [{"name": "operation", "part": parts}]
    fhirpath = {"resourceType": "Parameters", "parameter": parameter}
    return rng.choice((operations, operations, fhirpath, {"active": bad_value(rng)}))


def body(rng: random.Random, method: str, target: str, resource_type: str) -> bytes:
    kind = rng.random()
    tree: Any
    if target.rstrip("/") == "/fhir" or kind < 0.1:
        tree = bundle(rng)
    elif method == "PATCH" and kind < 0.9:
        tree = patch(rng)
    elif "$" in target and kind < 0.7:
        tree = parameters(rng)
    elif kind < 0.15:
        return rng.choice(words.XML).encode()
    else:
        tree = {**resource(rng, resource_type), "id": "a"}
    found = to_json(rng, mutated(rng, tree) if rng.random() < 0.5 else tree)
    return spoiled(rng, found) if rng.random() < 0.15 else found


def form_request(rng: random.Random) -> Sent:
    """A paper form, or a table of one; and the other pages."""
    media = rng.choice(words.FORM_MEDIA)
    text = to_json(rng, mutated(rng, words.FILLED))
    if media == "text/csv":
        text = f"患者姓名,性别\n{CANARY},男".encode()
    accept = rng.choice(("application/fhir+json", "*/*", "text/html"))
    return Sent(
        rng.choice(("POST", "POST", "GET", "DELETE")),
        quote(rng.choice(words.FORMS), safe="/?="),
        [("Content-Type", media), ("Accept", accept)],
        spoiled(rng, text) if rng.random() < 0.3 else text,
    )


def first_requests() -> list[Sent]:
    """What makes the resources that the others read, change and delete."""
    rng = random.Random(0)
    found = []
    for resource_type in words.TYPES:
        for id in "ab":
            content = to_json(rng, {**resource(rng, resource_type), "id": id})
            headers = [("Content-Type", words.JSON_TYPES[0])]
            found.append(Sent("PUT", f"/fhir/{resource_type}/{id}", headers, content))
    return found


def request(number: int) -> Sent:
    rng = random.Random(number)
    if rng.random() < 0.05:
        return form_request(rng)
    resource_type = rng.choice(words.TYPES if rng.random() < 0.8 else r4().resource_types)
    below, methods = place(rng, resource_type)
    method = rng.choice(methods if rng.random() < 0.9 else words.METHODS)
    target = "/fhir" + below
    if rng.random() < (0.8 if method in ("GET", "HEAD") else 0.15):
        target += query(rng, resource_type, words.HISTORY if "_history" in below else ())
    headers = [
        (n, rng.choice(values)) for n, values in words.HEADERS.items() if rng.random() < 0.02
    ]
    if rng.random() < 0.08:
        headers.append(("Accept", rng.choice(words.ACCEPTS)))
    if method not in ("POST", "PUT", "PATCH") and rng.random() < 0.9:
        return Sent(method, target, headers)
    return _with_body(rng, method, target, resource_type, headers)


def _with_body(
    rng: random.Random, method: str, target: str, resource_type: str, headers: list[tuple[str, str]]
) -> Sent:
    content = body(rng, method, target, resource_type)
    right = words.JSON_PATCH if method == "PATCH" else words.JSON_TYPES[0]
    if content.startswith(b"<"):
        right = "application/fhir+xml"
    if target.partition("?")[0].endswith("_search"):
        right, content = words.FORM, query(rng, resource_type)[1:].encode()
    headers.append(("Content-Type", right if rng.random() < 0.93 else rng.choice(words.MEDIA)))
    if rng.random() < 0.05:
        encoding = rng.choice(words.ENCODINGS)
        headers.append(("Content-Encoding", encoding))
        if encoding == "gzip" and rng.random() < 0.5:
            content = gzip.compress(content)
    return Sent(method, target, headers, content)
