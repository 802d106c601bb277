"""What holds of a SearchParameter by itself, wherever it comes in and whatever its status.

What depends on a server's other parameters, and on how it indexes, is in search/custom.py.
Spec: http://hl7.org/fhir/R4/searchparameter.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import fhirpath
from ..definitions import Definitions
from ..errors import Issue, define

Json = dict[str, Any]
MAX_EXPRESSION = 4000  # characters
ROOTS = {"Resource": "Binary", "DomainResource": "Basic"}  # with a type that is little more

define(
    "parameter-base", "invalid", 422,
    "base 应在所派生参数的 base 之内：{expected}",
    "the base must be among those of the parameter it derives from: {expected}",
)  # fmt: skip
define(
    "parameter-no-expression", "required", 422,
    "须有 FHIRPath 表达式（至多 {limit} 字符）",
    "a FHIRPath expression is needed, of at most {limit} characters",
)  # fmt: skip
define(
    "parameter-expression", "invalid", 422,
    "表达式无法用于 {resource_type}（第 {position} 个字符处）",
    "the expression cannot be used on {resource_type} (at character {position})",
)  # fmt: skip


define(
    "parameter-facts", "required", 422,
    "启用的 SearchParameter 须有 url、code、base、type；其各组成部分须有 definition 和 expression",
    "an active SearchParameter needs url, code, base and type, and each component of it definition"
    " and expression",
)  # fmt: skip


def is_whole(resource: Json) -> bool:
    """Is all there that it is used by? Where only the JSON shape is validated, it may not be."""
    facts = all(type(resource.get(name)) is str for name in ("url", "code", "type"))
    parts = resource.get("component", ())
    named = all(type(p.get(n)) is str for p in parts for n in ("definition", "expression"))
    return facts and named and bool(resource.get("base"))


def incomplete() -> Issue:
    return Issue("parameter-facts", "SearchParameter")


def check(definitions: Definitions, resource: Json) -> Iterator[Issue]:
    """Does it keep to what it derives from, and can its expression be used on each base?

    Shape: `resource` may have any structure; what is not as it should be is passed over.
    Errors: parameter-base, parameter-no-expression, parameter-expression.
    """
    held = resource.get("base")
    bases = [b for b in held if type(b) is str] if type(held) is list else []
    yield from _outside(definitions, str(resource.get("derivedFrom", "")), bases)
    expression = resource.get("expression")
    if type(expression) is not str:
        return
    if not is_expression(expression):
        yield too_long()
        return
    for base in bases:
        found = unusable(expression, base, alien=True)
        if found is not None:
            yield found


def _outside(definitions: Definitions, origin: str, bases: list[str]) -> Iterator[Issue]:
    """Bases beyond those of the parameter it derives from."""
    url = origin.partition("|")[0]
    above = next((p for p in definitions.search_parameters if p.url == url), None)
    for i, name in enumerate(bases):
        if above is not None and not any(definitions.is_a(name, b) for b in above.base):
            expected = {"expected": " ".join(above.base)}
            yield Issue("parameter-base", f"SearchParameter.base[{i}]", dict(expected))


def is_expression(text: str) -> bool:
    return bool(text.strip()) and len(text) <= MAX_EXPRESSION


def too_long() -> Issue:
    """It is missing, or too long."""
    args: Json = {"limit": MAX_EXPRESSION}
    return Issue("parameter-no-expression", "SearchParameter.expression", args)


def unusable(expression: str, base: str, *, alien: bool = False) -> Issue | None:
    """What is wrong with an expression on a base; nothing where it can be used. `alien`: it may
    also begin with another type, and so find nothing, as one that R4 itself publishes."""
    try:
        fhirpath.compile(expression, ROOTS.get(base, base))
    except fhirpath.OtherTypeError as error:
        return None if alien else broken(base, error, "SearchParameter.expression")
    except fhirpath.FhirPathError as error:
        return broken(base, error, "SearchParameter.expression")
    return None


def broken(base: str, error: fhirpath.FhirPathError, at: str) -> Issue:
    args: Json = {"resource_type": base, "position": max(error.at, 0)}
    return Issue("parameter-expression", at, args)
