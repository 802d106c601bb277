"""The syntax tree. Nodes compare without their position.

Spec: http://hl7.org/fhirpath/N1/grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from .errors import FhirPathError

MAX_DEPTH = 120  # levels of a tree; compiling and evaluating recurse once a level


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `type` is its System type, "Boolean" or "Quantity"; "" is the empty `{}`."""

    type: str
    value: object
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """`$this`, `$index`, `$total` or `%name`, with its first character."""

    name: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Member:
    """`source.name`, or `name` alone: an element of the focus, or the name of a type."""

    source: Node | None
    name: str
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`source.name(arguments)`; without a source, a function of the focus."""

    source: Node | None
    name: str
    arguments: tuple[Node, ...]
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`source[index]`."""

    source: Node
    index: Node
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`+operand` or `-operand`."""

    operator: str
    operand: Node
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`source is type`, `source as type`; the type may be qualified, as "FHIR.Patient"."""

    operator: str
    source: Node
    type: str
    at: int = field(default=-1, compare=False)


Node: TypeAlias = Literal | Variable | Member | Call | Index | Unary | Binary | TypeTest


def children(node: Node) -> Iterator[Node]:
    """The operands and arguments of a node."""
    match node:
        case Member(source=source) | Call(source=source) if source is not None:
            yield source
        case TypeTest(source=source) | Index(source=source):
            yield source
        case Unary(operand=operand):
            yield operand
        case Binary(left=left, right=right):
            yield left
            yield right
    if isinstance(node, Call):
        yield from node.arguments
    elif isinstance(node, Index):
        yield node.index


def uses(node: Node, name: str) -> bool:
    """Does the variable `name`, such as "$index", occur in the tree?"""
    if isinstance(node, Variable):
        return node.name == name
    return any(uses(each, name) for each in children(node))


def check_depth(root: Node) -> None:
    """Errors: FhirPathError for a tree deeper than MAX_DEPTH."""
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise FhirPathError(f"an expression nests at most {MAX_DEPTH} levels", level[0].at)
        level = [below for node in level for below in children(node)]
