"""The commands that spread the collections over the shards of a cluster. Spec: docs/deploy.md

Current versions are sharded by hashed `_id`. Ids that this server makes are ordered by time, so
ranges of them would send all creations to one shard; hashed they spread, and what is read, updated
or deleted by id is asked of one shard. An id is still unique: whoever writes it meets the same
shard.

The history is sharded by hashed `id`, that of the resource, so that all versions of a resource lie
on one shard, and its history is asked of that alone.

Not by patient: most resources name theirs in a reference, some have none, and then nothing could be
found by id without asking every shard.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import FhirError, define
from .documents import Json
from .layout import HISTORY, Collections

define(
    "store-no-shards", "not-supported", 501,
    "所连接的服务器不是分片集群的 mongos", "the server is not the mongos of a sharded cluster",
)  # fmt: skip

# What grows with patients and referrals. All else (organisations, practitioners, code systems …) is
# small, and is joined faster where it lies together.
GROWING = (
    "AuditEvent", "Appointment", "Communication", "Composition", "Condition", "Coverage",
    "DiagnosticReport", "DocumentReference", "Encounter", "Immunization", "MedicationRequest",
    "Observation", "Patient", "Procedure", "Provenance", "QuestionnaireResponse", "ServiceRequest",
    "Specimen", "Task",
)  # fmt: skip
CURRENT_KEY: Json = {"_id": "hashed"}
PAST_KEY: Json = {"id": "hashed"}


@dataclass(frozen=True, slots=True)
class Step:
    """One command: for `database`, "admin" or that of the collections, and the same for mongosh."""

    database: str
    command: Json
    shell: str


def steps(database: str, resource_types: Sequence[str]) -> list[Step]:
    """In the order to be run. Running them again changes nothing."""
    out = [Step("admin", {"enableSharding": database}, f"sh.enableSharding({_text(database)})")]
    for each in resource_types:
        out += _collection(database, each, CURRENT_KEY)
        out += _collection(database, each + HISTORY, PAST_KEY)
    return out


def _collection(database: str, name: str, key: Json) -> list[Step]:
    # A collection that already holds something is sharded only by an index that it has.
    index: Json = {"key": key, "name": f"shard_{next(iter(key))}"}
    create = {"createIndexes": name, "indexes": [index]}
    options = {"name": index["name"]}
    where = f"db.getSiblingDB({_text(database)}).getCollection({_text(name)})"
    full = f"{database}.{name}"
    return [
        Step(database, create, f"{where}.createIndex({_text(key)}, {_text(options)})"),
        Step(
            "admin",
            {"shardCollection": full, "key": key},
            f"sh.shardCollection({_text(full)}, {_text(key)})",
        ),
    ]


def _text(value: Any) -> str:
    return json.dumps(value)


async def run_steps(
    client: Any,
    database: str,
    collections: Collections,
    resource_types: Sequence[str],
    tell: Callable[[str], None],
) -> None:
    """Make the collections with their indexes, and shard them. Errors: store-no-shards."""
    hello: Json = await client.admin.command("hello")
    if hello.get("msg") != "isdbgrid":
        raise FhirError("store-no-shards")
    await collections.prepare(set(resource_types))
    for step in steps(database, resource_types):
        tell(step.shell)
        await client[step.database].command(step.command)
