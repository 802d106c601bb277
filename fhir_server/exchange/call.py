"""One call of the API without its transport, and the parts that answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..definitions import Definitions
from ..model.json import encode
from ..search import Compiler, Indexer, Registry
from ..storage.base import Store, Stored
from ..terminology import Terminology
from ..validation.structure import Structure
from .patching import Patch
from .profiles import Profiles
from .upkeep import Upkeep

Json: TypeAlias = dict[str, Any]


# "delete": what others refer to is not deleted; "write": references must lead somewhere, too.
Integrity: TypeAlias = Literal["off", "delete", "write"]


@dataclass(frozen=True)
class Limits:
    """Bounds on what a client may ask for. Units: `body_bytes` of the decoded body."""

    body_bytes: int = 16 * 1024 * 1024
    bundle_entries: int = 5000
    conditional_deletes: int = 1
    cascade: int = 100  # resources of one cascading delete; 0: there is none
    at_once: int = 16  # entries of one batch, or look-ups of one transaction, at the same time


@dataclass(frozen=True)
class Service:
    """The parts of a running server, as interactions need them."""

    store: Store
    definitions: Definitions
    structure: Structure
    profiles: Profiles
    registry: Registry
    indexer: Indexer
    compiler: Compiler
    terminology: Terminology
    upkeep: Upkeep
    limits: Limits = field(default_factory=Limits)
    integrity: Integrity = "delete"
    admin_token: str = field(default="", repr=False)  # "": no operation for administrators


@dataclass(slots=True)
class Call:
    """What a client asks for.

    `compartment` is the type and id of the focus where a search is inside one. `pairs` are the
    decoded query parameters in order; `base` is this server's FHIR address as the
    client knows it, without the last slash; `prefer` holds the tokens of the Prefer header by name;
    `credential` is the bearer's or the administrator's token; `media_type` and `language` are
    those of the answer; `provenance` is the Provenance to be stored with what is written, still
    without targets; `progress` is told (done, total) by what takes long; `validation` is the policy
    that the header X-Validation asks for; `text` is the body as it came, where line numbers are
    wanted.
    """

    service: Service
    base: str
    resource_type: str = ""
    id: str = ""
    version: str = ""
    compartment: tuple[str, str] | None = None
    pairs: list[tuple[str, str]] = field(default_factory=list)
    resource: Json | None = None
    patch: Patch | None = None
    if_match: str = ""
    if_none_exist: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    provenance: Json | None = None
    progress: Callable[[int, int], None] | None = None
    prefer: dict[str, str] = field(default_factory=dict)
    credential: str = field(default="", repr=False)
    media_type: str = "application/fhir+json"
    language: str = "zh"
    validation: str = ""
    text: bytes = field(default=b"", repr=False)

    @property
    def lenient(self) -> bool:
        return self.prefer.get("handling") == "lenient"


@dataclass(slots=True)
class Reply:
    """What the client gets. `stored` gives ETag and Last-Modified; `location` is relative.

    `written` marks an answer to a write, whose body follows the Prefer header. `media_type` is set
    where the body is no FHIR resource and goes out as it is. `said`: what an OperationOutcome in
    place of the body tells, Chinese and English.
    """

    status: int
    body: bytes | None = None
    stored: Stored | None = None
    location: str = ""
    written: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = ""
    said: tuple[str, str] = ("已保存", "stored")

    @classmethod
    def written_as(cls, status: int, stored: Stored) -> Reply:
        """The answer to a create or an update."""
        location = f"{stored.resource_type}/{stored.id}/_history/{stored.version}"
        return cls(status, stored.body, stored, location, written=True)

    @classmethod
    def deleted(cls, tombstone: Stored | None, count: int = 1) -> Reply:
        said = (f"已删除 {count} 个资源", f"{count} deleted")
        return cls(204, None, tombstone, written=True, said=said)

    @classmethod
    def of(cls, status: int, resource: Json) -> Reply:
        return cls(status, encode(resource))


Handler: TypeAlias = Callable[[Call], Awaitable[Reply]]
