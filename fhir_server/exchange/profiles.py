"""The validator of a running server: R4, the product's own profiles, and what clients have stored.

A profile, value set, code system or questionnaire is fetched from the store when a resource names
it, and kept until one of these types is written. Other worker processes see a new one after
FRESH_SECONDS.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar, cast

from ..errors import Issue
from ..model.folders import data_folder
from ..model.json import decode_object
from ..storage.base import Store
from ..storage.plan import Match, Plan, Test
from ..terminology.systems import FindSystem
from ..validation import ValidationIssue, Validator
from ..validation.scope import KINDS, Wanted
from ..validation.shape import check_shape
from ..validation.structure import Structure

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")
FRESH_SECONDS = 1.0
MAX_VERSIONS = 50  # versions of one canonical that are looked at
MAX_ROUNDS = 20  # of fetching what the fetched name; each brings at least one resource
# Errors for who asks, yet no reason to refuse a write: the code says what is meant.
TOLERATED = frozenset(("valid-display",))
POLICIES = ("off", "structure", "declared", "required")


class Profiles:
    """Validates resources by policy.

    `policy`: "off" (the JSON shape only), "structure" (formats and cardinalities of R4 only),
    "declared" (R4 and the profiles of `meta.profile`), "required" (as declared, and a resource of
    a type in `required` carries one of its profiles). Shape: `required` is {resource type:
    canonicals}.
    """

    def __init__(
        self,
        store: Store,
        structure: Structure,
        policy: str = "declared",
        required: dict[str, tuple[str, ...]] | None = None,
        unknown_extensions: str = "information",
        loaded: FindSystem | None = None,
    ) -> None:
        self._store, self._structure, self._definitions = store, structure, structure.definitions
        self.policy, self.required = policy, required or {}
        self._unknown, self._loaded = unknown_extensions, loaded
        self._own = list(_shipped())
        self._fetched: dict[Wanted, list[Json]] = {}
        self._at = 0.0
        self._stale = True
        self._validator: Validator | None = None

    def written(self, resource_type: str) -> None:
        """A resource of this type has been written by this process."""
        if resource_type in KINDS:
            self._stale = True

    async def check(self, resource: Json, policy: str = "") -> list[Issue]:
        """The errors that refuse a write. Shape: a resource that has a resourceType.

        Errors: store-down.
        """
        chosen = policy or self.policy
        name = str(resource["resourceType"])
        if chosen == "off":
            return check_shape(self._definitions, resource, name)
        if chosen == "structure":
            return self._structure.check(resource, name)
        found = await self.validate(resource)
        issues = [
            each.issue
            for each in found
            if each.severity == "error" and each.message_id not in TOLERATED
        ]
        wanted = self.required.get(name, ())
        if chosen == "required" and wanted and not _carries(resource, wanted):
            args: dict[str, object] = {"expected": " ".join(wanted)}
            issues.append(Issue("valid-profile-required", f"{name}.meta.profile", args))
        return issues

    async def validate(self, resource: Json, profiles: Sequence[str] = ()) -> list[ValidationIssue]:
        """All issues of a resource, after what it names has been fetched. Errors: store-down."""
        return await self.ask(lambda v: v.validate(resource, profiles=profiles))

    async def ask(self, question: Callable[[Validator], T]) -> T:
        """The answer of the validator once it knows all that the question is about.

        Errors: store-down, and what the question raises.
        """
        validator = self._fresh()
        for _ in range(MAX_ROUNDS):
            answer, error = _answer(question, validator)
            wanted = [w for w in validator.scope.missed() if w not in self._fetched]
            if not wanted or not await self._fetch(validator, wanted):
                break
        if error is not None:
            raise error
        return cast("T", answer)

    def _fresh(self) -> Validator:
        """The validator, without what may have changed since it was fetched."""
        moment = time.monotonic()
        if self._validator is None:
            self._validator = Validator(
                self._own, unknown_extensions=self._unknown, loaded=self._loaded
            )
        elif self._fetched and (self._stale or moment - self._at > FRESH_SECONDS):
            if any(self._fetched.values()):
                self._validator = Validator(
                    self._own, unknown_extensions=self._unknown, loaded=self._loaded
                )
            self._fetched = {}
        if not self._fetched:
            self._at = moment
        self._stale = False
        return self._validator

    async def _fetch(self, validator: Validator, wanted: Sequence[Wanted]) -> bool:
        """Look for resources in the store; whether there were any."""
        new: list[Json] = []
        for each in wanted:
            kind, url = each
            where = Match("url", "uri", ((Test("value", "=", url),),))
            page = await self._store.search(Plan(kind, (where,), limit=MAX_VERSIONS))
            self._fetched[each] = [row.resource for row in page.matches]
            new += self._fetched[each]
        if new:
            validator.add(new)
        return bool(new)


def _answer(
    question: Callable[[Validator], T], validator: Validator
) -> tuple[T | None, ValueError | None]:
    """What is not known yet may be why a question cannot be answered."""
    try:
        return question(validator), None
    except ValueError as error:
        return None, error


def _carries(resource: Json, wanted: Sequence[str]) -> bool:
    meta = resource.get("meta")
    held = meta.get("profile") if type(meta) is dict else None
    plain = {str(p).partition("|")[0] for p in held} if type(held) is list else set()
    return any(url.partition("|")[0] in plain for url in wanted)


def _shipped() -> list[Json]:
    """The profiles, value sets and code systems of the product's own folders."""
    found: list[Json] = []
    for folder in (data_folder("profiles"), data_folder("terminology")):
        for kind in sorted(KINDS):
            paths = sorted((folder / kind).glob("*.json"))
            found += [decode_object(path.read_bytes()) for path in paths]
    return found


def parse_required(text: str) -> dict[str, tuple[str, ...]]:
    """`ServiceRequest=url url;Task=url` as {type: urls}. Errors: ValueError."""
    out: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        if part.strip():
            name, mark, urls = part.partition("=")
            if not mark or not urls.split():
                raise ValueError("expected Type=canonical canonical; Type=canonical")
            out[name.strip()] = tuple(urls.split())
    return out
