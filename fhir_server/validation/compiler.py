"""Profiles to checks: what is known, what has been compiled, and how resources nest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..definitions import Definitions, Element
from .base import Base
from .base_rules import BaseRules
from .bundles import check_bundle, find_entry
from .conformance import check_definition, check_parameter
from .findings import WARNING, Check, Findings, Json, one
from .membership import Terms
from .overlay import overlay_value, sequence
from .questionnaires import check_response
from .rules.codes import compile_binding, stated_bindings
from .rules.extensions import contexts_of
from .run import Run
from .tree import Grower, Node, TreeError

CORE = "http://hl7.org/fhir/StructureDefinition/"
MAX_DERIVATIONS = 30
# What holds of a type beyond its elements and invariants.
SPECIAL: dict[str, Callable[[Compiler, Json, Run], Findings]] = {
    "Bundle": check_bundle,
    "QuestionnaireResponse": check_response,
    "SearchParameter": check_parameter,
    "StructureDefinition": check_definition,
}
FindProfile = Callable[[str], Json | None]
Known = tuple[Check, frozenset[str], bool]  # overlay, contexts, is it a modifier?


class Compiler:
    """Compiled checks of one set of profiles and value sets.

    Shape of `find`: canonical (with or without version) to StructureDefinition, or None.
    `broken` collects constraints that cannot be compiled as (where, key, reason).
    """

    def __init__(
        self,
        definitions: Definitions,
        find: FindProfile,
        terms: Terms,
        questionnaire: FindProfile,
        unknown_extensions: str,
    ) -> None:
        self.definitions, self.terms = definitions, terms
        self.questionnaire = questionnaire
        self.unknown_extensions = unknown_extensions
        self.broken: list[tuple[str, str, str]] = []
        self.grower = Grower(definitions)
        self.rules = BaseRules(self)
        self.base = Base(definitions, self.rules)
        self._find = find
        self._trees: dict[str, Node | None] = {}
        self._reasons: dict[str, str] = {}
        self._profiles: dict[str, Check] = {}
        self._extensions: dict[str, Known | None] = {}

    # what is known of a canonical

    def is_base(self, url: str) -> bool:
        """Is it the definition of a type itself?"""
        name = url.partition("|")[0].removeprefix(CORE)
        return name in self.definitions.kinds and url.startswith(CORE)

    def knows(self, url: str) -> bool:
        return self.is_base(url) or self._find(url) is not None

    def type_of(self, url: str) -> str:
        """The type that a profile constrains; "" where it is not known."""
        if self.is_base(url):
            return url.partition("|")[0].removeprefix(CORE)
        found = self._find(url)
        return str(found.get("type", "")) if found is not None else ""

    def tree(self, url: str) -> Node | None:
        """All that a profile and those it derives from say; None where one is not known."""
        if url not in self._trees:
            self._trees[url] = None
            try:
                self._trees[url] = self._grow(url, 0)
            except (TreeError, TypeError, AttributeError, KeyError, ValueError) as error:
                self._reasons[url] = str(error) if isinstance(error, TreeError) else "structure"
        return self._trees[url]

    def reason(self, url: str) -> str:
        """Why a known profile has no tree."""
        return self._reasons.get(url, "")

    def _grow(self, url: str, depth: int) -> Node | None:
        if self.is_base(url):
            return Node()
        sd = self._find(url)
        if sd is None:
            if depth:
                raise TreeError(f"its base {url} is not known here")
            return None
        if depth > MAX_DERIVATIONS:
            raise TreeError("it derives from itself")
        snapshot = sd.get("snapshot", {}).get("element")
        if snapshot:
            return self.grower.grow(None, sd["type"], snapshot)
        elements = sd.get("differential", {}).get("element", ())
        base = sd.get("baseDefinition")
        if not base:
            raise TreeError("it has neither a snapshot nor a baseDefinition")
        above = self._grow(base, depth + 1)
        return self.grower.grow(above, sd["type"], elements)

    # checks

    def lazy_profile(self, url: str) -> Check:
        """The overlay of a profile, compiled at the first value."""
        made = self._profiles

        def check(value: Any, owner: Any, run: Run) -> Findings:
            return (made.get(url) or self.profile(url))(value, owner, run)

        return check

    def profile(self, url: str) -> Check:
        """What a profile says beyond its base type, of a value that passed the base check."""
        found = self._profiles.get(url)
        if found is None:
            found = self._profiles[url] = self._make_profile(url)
        return found

    def _make_profile(self, url: str) -> Check:
        if self.is_base(url):
            name = self.type_of(url)
            return lambda value, owner, run: self._of_type(value, name, url)
        tree = self.tree(url)
        if tree is None:
            reason = self.reason(url)
            if reason:
                return lambda value, owner, run: one(
                    "valid-profile-broken", WARNING, expected=url, reason=reason, profile=url
                )
            return lambda value, owner, run: one("valid-profile-unknown", WARNING, expected=url)
        sd = self._find(url)
        assert sd is not None
        name = str(sd["type"])
        shown = sd.get("url", url) + ("|" + sd["version"] if sd.get("version") else "")
        overlay = overlay_value(self, tree, name, shown, None, "") or _nothing
        if not self.definitions.is_resource(name) and name not in ("Resource", "DomainResource"):
            return overlay

        def check(value: Any, owner: Any, run: Run) -> Findings:
            wrong = self._of_type(value, name, url)
            if wrong is not None:
                return wrong
            context = run.context
            outer = context.resource
            context.resource = value
            if value.get("resourceType") == "Bundle":
                run.bundles.append(value)
            try:
                return overlay(value, owner, run)
            finally:
                context.resource = outer
                if value.get("resourceType") == "Bundle":
                    run.bundles.pop()

        return check

    def _of_type(self, value: Any, name: str, url: str) -> Findings:
        if type(value) is not dict or "resourceType" not in value:
            return None
        if self.definitions.is_a(str(value["resourceType"]), name):
            return None
        return one("valid-profile-type", expected=url, profile=url)

    def overlay_value(
        self,
        node: Node,
        type_name: str,
        profile: str,
        element: Element | None = None,
        owner: str = "",
    ) -> Check | None:
        return overlay_value(self, node, type_name, profile, element, owner)

    def slice_type(self, node: Node, type_name: str) -> str:
        codes = {t.get("code") for t in node.facts.get("type", ())}
        if len(codes) == 1 and type_name in ("Resource", "DomainResource", "Element", ""):
            return str(codes.pop())
        return type_name

    def binding(self, binding: Json, type_name: str, profile: str) -> Check | None:
        """A binding with what extensions add to it; None where it asks for nothing."""
        checks = [
            compile_binding(strength, value_set, type_name, self.terms, profile)
            for strength, value_set in stated_bindings(binding)
        ]
        return sequence([check for check in checks if check is not None])

    def base_keys(self, type_name: str) -> frozenset[str]:
        """Keys of the constraints that the base check of a type looks at itself."""
        keys: set[str] = set()
        name = type_name
        while name:
            found = self.definitions.type(name)
            keys |= {i.key for i in (found.invariants if found else ())}
            name = self.definitions.base_of(name)
        return frozenset(keys)

    def extension_of(self, url: str) -> Known | None:
        """The definition of an extension by its url; None where it is not known."""
        if url not in self._extensions:
            sd = self._find(url)
            if sd is None or sd.get("type") != "Extension" or self.tree(url) is None:
                self._extensions[url] = None
            else:
                tree = self.tree(url)
                assert tree is not None
                is_modifier = bool(tree.facts.get("isModifier"))
                self._extensions[url] = (self.profile(url), contexts_of(sd), is_modifier)
        return self._extensions[url]

    # resources

    def contained(self, value: Any, owner: Any, run: Run) -> Findings:
        return self.resource(value, owner, run, inside=True)

    def resource(self, value: Any, owner: Any, run: Run, *, inside: bool = False) -> Findings:
        """A resource with the profiles that it claims. A contained one keeps its container."""
        name = value.get("resourceType") if type(value) is dict else None
        if type(name) is not str or not self.definitions.is_resource(name):
            return one("structure-resource")
        context = run.context
        outer = (context.resource, context.root, context.focus)
        context.resource = context.focus = value
        if not inside:
            context.root = value
        if name == "Bundle":
            run.bundles.append(value)
        try:
            found = self.base.check(name)(value, owner, run)
            for url in claimed(value):
                wrong = self.profile(url)(value, owner, run)
                if wrong is not None:
                    found = [*(found or ()), *wrong]
            special = SPECIAL.get(name)
            if special is not None:
                wrong = special(self, value, run)
                found = [*(found or ()), *wrong] if wrong else found
            return found
        finally:
            context.resource, context.root, context.focus = outer
            if name == "Bundle":
                run.bundles.pop()

    def find_in_bundle(self, reference: str, run: Run) -> Json | None:
        """The resource of the Bundles around that a reference leads to."""
        for bundle in reversed(run.bundles):
            found = find_entry(bundle, reference, run.context.root)
            if found is not None:
                return found
        return None

    def resolve(self, value: Any, run: Run) -> Json | None:
        """A Reference, canonical or text to the resource, where it is at hand."""
        reference = value.get("reference") if type(value) is dict else value
        if type(reference) is not str:
            return None
        if reference.startswith("#"):
            return run.contained(reference[1:])
        return self.find_in_bundle(reference, run)


def claimed(resource: Json) -> list[str]:
    """The profiles of `meta.profile`."""
    meta = resource.get("meta")
    held = meta.get("profile") if type(meta) is dict else None
    return [url for url in held if type(url) is str] if type(held) is list else []


def _nothing(value: Any, owner: Any, run: Run) -> Findings:
    return None


__all__ = ["Compiler", "claimed"]
