"""What is read is what was written, to the last digit and in the same order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fhir_server.errors import FhirError
from fhir_server.model.json import MAX_DEPTH, decode
from fhir_server.storage.base import Change, Store
from tests.contract.changes import deletion, read_versions


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


BODIES = {
    "decimal": '{"value":1.50,"other":0.10,"zero":0.0,"minus":-0.00}',
    "exponent": '{"value":1E+3,"small":1.5E-9}',
    "34 digits": '{"value":1.234567890123456789012345678901234}',
    "35 digits": '{"value":1.2345678901234567890123456789012345}',
    "35 digits, the last is zero": '{"value":1.2345678901234567890123456789012340}',
    "exponent beyond decimal128": '{"value":1E+6145}',
    "zero beyond decimal128": '{"value":0E-6177}',
    "32 bits": '{"value":2147483648,"minus":-2147483649}',
    "64 bits": '{"value":9223372036854775807,"minus":-9223372036854775808}',
    "beyond 64 bits": '{"value":9223372036854775808,"more":[1.50,100000000000000000000000000]}',
    "rare characters": '{"text":"𠮷野家 㐂 𠀋","𬒈":"😀","mixed":"é e\u0301 Ａ"}',
    "escapes": '{"text":"\\"\\\\\\n\\t\u007f\u2028","dollar":"$set","dot":"a.b"}',
    "order of keys": '{"z":1,"a":2,"m":{"z":1,"a":2},"b":[{"y":1,"x":2}]}',
    "null in arrays": '{"given":[null,"三"],"_given":[{"id":"x"},null]}',
    "empty": '{"text":"","list":[],"object":{}}',
    "booleans": '{"yes":true,"no":false,"one":1,"real":1.0}',
    "keys of our own": '{"_id":"x","index":{},"write":"w","version":"7","deleted":true,"json":"j"}',
    "deep": deep(MAX_DEPTH - 1),
    "long": '{"text":"' + "转" * 200_000 + '"}',
}


@pytest.mark.parametrize("name", BODIES)
async def test_body(store: Store, name: str) -> None:
    resource = {"resourceType": "Patient", "id": "a", **decode(BODIES[name].encode())}
    written = Change("POST", "Patient", "a", 1, 1_795_104_000_000_000, resource=resource)
    await store.write([written])
    await store.write([deletion("a", 2)])  # and once more by way of the history
    await check(store, await store.version("Patient", "a", 1), resource)


async def check(store: Store, found: Any, resource: dict[str, Any]) -> None:
    assert same(found.resource, resource)
    assert same(decode(found.body), resource)


def same(found: Any, expected: Any) -> bool:
    """Equal in type, digits and order, which == is not: 1.50 == 1.5 == True + 0.5."""
    assert type(found) is type(expected)
    if type(expected) is dict:
        assert list(found) == list(expected)
        return all(same(found[key], expected[key]) for key in expected)
    if type(expected) is list:
        assert len(found) == len(expected)
        return all(map(same, found, expected))
    if type(expected) is Decimal:
        return bool(found.as_tuple() == expected.as_tuple())
    return bool(found == expected)


@pytest.mark.parametrize("name", ["decimal", "64 bits", "beyond 64 bits"])
async def test_body_by_way_of_every_read(store: Store, name: str) -> None:
    resource = {"resourceType": "Patient", "id": "a", **decode(BODIES[name].encode())}
    index = {"token": [("active", "", "true")]}
    moment = 1_795_104_000_000_000
    change = Change("POST", "Patient", "a", 1, moment, resource=resource, index=index)
    other = Change("POST", "Task", "t", 1, moment, resource={"resourceType": "Task", "id": "t"})
    await store.write([change, other])
    from fhir_server.storage.plan import Plan, Sort

    reads = [
        await store.current("Patient", "a"),
        *(await store.search(Plan("Patient"))).matches,
        *(await store.search(Plan("Patient", sort=(Sort("active", "token"),)))).matches,
        *await store.many([("Patient", "a")]),
        *await read_versions(store, "a", 1),
    ]
    assert len(reads) == 5
    for found in reads:
        await check(store, found, resource)
        assert type(found.version) is type(found.updated) is int


async def test_too_large(store: Store) -> None:
    """MongoDB's documents end at 16 MiB, far beyond what the HTTP edge lets in as JSON."""
    if store.name == "sqlite":
        pytest.skip("SQLite takes a gigabyte")
    text = "x" * (16 * 1024 * 1024)
    resource = {"resourceType": "Patient", "id": "a", "text": text}
    large = Change("POST", "Patient", "a", 1, 1, resource=resource)
    for batch in ([large], [large, Change("POST", "Task", "t", 1, 1, resource={"id": "t"})]):
        with pytest.raises(FhirError) as caught:
            await store.write(batch)
        assert caught.value.code == "store-too-large"
    assert await store.current("Patient", "a") is None
    assert await store.current("Task", "t") is None
