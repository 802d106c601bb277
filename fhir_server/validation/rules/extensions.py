"""Extensions: known ones are checked by their own definition, and where they may stand.

Spec: http://hl7.org/fhir/R4/extensibility.html and
http://hl7.org/fhir/R4/defining-extensions.html#context
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..findings import ERROR, INFORMATION, Check, Findings, Json, one

if TYPE_CHECKING:
    from ..compiler import Compiler


def compile_extension(compiler: Compiler, owner_type: str, name: str) -> Check:
    """The check of one item of `extension` or `modifierExtension` of a type."""
    each = compiler.base.lazy("Extension")
    modifier = name == "modifierExtension"

    def check(value: Any, owner: Any, run: Any) -> Findings:
        found = each(value, owner, run)
        url = value.get("url") if type(value) is dict else None
        if type(url) is not str or (owner_type == "Extension" and ":" not in url):
            return found  # a part of a complex extension: the definition of the whole says it
        known = compiler.extension_of(url)
        if known is None:
            severity = ERROR if compiler.unknown_extensions == "error" else INFORMATION
            code = "valid-modifier-unknown" if modifier else "valid-extension-unknown"
            return [*(found or ()), *one(code, severity)]
        overlay, contexts, is_modifier = known
        inside = overlay(value, owner, run)
        if inside is not None:
            found = [*(found or ()), *inside]
        if is_modifier is not modifier:
            wanted = "modifierExtension" if is_modifier else "extension"
            found = [*(found or ()), *one("valid-extension-modifier", expected=wanted)]
        if contexts and not any(fits(compiler, c, owner_type) for c in contexts):
            shown = " ".join(sorted(contexts))
            found = [*(found or ()), *one("valid-extension-context", expected=shown)]
        return found

    return check


def fits(compiler: Compiler, context: str, owner_type: str) -> bool:
    """May an extension of this context stand on a value of this type?

    A path such as Patient.name fits every value of the type that the element has: the same value
    is looked at through its type.
    """
    definitions = compiler.definitions
    if context in ("Element", owner_type) or definitions.is_a(owner_type, context):
        return True
    if owner_type == "Element" and context in definitions.primitives:
        return True  # which primitive it is, its `_sibling` does not say
    root, _, rest = context.partition(".")
    type_name = root
    for step in rest.split(".") if rest else ():
        element, _ = compiler.grower.element(type_name, step)
        if element is None:
            return True  # a path of another kind is not judged
        codes = {ref.code for ref in element.types}
        if owner_type in codes or (owner_type == "Element" and codes & definitions.primitives):
            type_name = owner_type
        else:
            type_name = element.types[0].code if element.types else ""
    return bool(rest) and type_name == owner_type


def contexts_of(sd: Json) -> frozenset[str]:
    """The element contexts; empty where a context of another kind is given, which is not judged."""
    held = sd.get("context", ())
    if any(c.get("type") != "element" for c in held):
        return frozenset()
    return frozenset(str(c.get("expression", "")) for c in held)
