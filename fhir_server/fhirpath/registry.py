"""Compiled code with its static type, and the table of functions that make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .errors import FhirPathError
from .tree import Call
from .values import Context, Nodes, single, system, truth

if TYPE_CHECKING:
    from .compiler import Compiler

Run: TypeAlias = Callable[[Context, Any], Nodes]
Test: TypeAlias = Callable[[Context, Any], bool | None]
BOOLEAN = "System.Boolean"
STRING = "System.String"
INTEGER = "System.Integer"


@dataclass(frozen=True, slots=True)
class Code:
    """A closure from (context, focus) to nodes.

    `type`: the FHIR or System type of every node, None where nodes carry their own. `types`: the
    possible ones. `test` is the same for conditions: True, False, or None for empty.
    """

    run: Run
    type: str | None = None
    types: tuple[str, ...] = ()
    test: Test | None = None
    # The focus itself: members need no loop over it.
    focus: bool = False
    constant: object = None

    def like(self, run: Run) -> Code:
        """Other nodes of the same types."""
        return Code(run, self.type, self.types)

    def condition(self, at: int = -1) -> Test:
        if self.test is not None:
            return self.test
        run = self.run
        return lambda context, focus: truth(run(context, focus), at)


class Scope(NamedTuple):
    """What is known of the focus while compiling: `type` as in Code, `types` where several."""

    type: str | None
    types: tuple[str, ...] = ()


def boolean(test: Test) -> Code:
    """Code from a condition."""

    def run(context: Context, focus: Any) -> Nodes:
        found = test(context, focus)
        return [] if found is None else [found]

    return Code(run, BOOLEAN, (BOOLEAN,), test)


Builder: TypeAlias = "Callable[[Compiler, Call, Scope], Code]"


class Function(NamedTuple):
    """How to compile a call, and how many arguments it takes."""

    build: Builder
    least: int
    most: int


FUNCTIONS: dict[str, Function] = {}


def function(name: str, least: int = 0, most: int | None = None) -> Callable[[Builder], Builder]:
    """Register a builder. `most` is `least` unless given."""

    def register(build: Builder) -> Builder:
        if name in FUNCTIONS:
            raise ValueError(f"function {name} is defined twice")
        FUNCTIONS[name] = Function(build, least, least if most is None else most)
        return build

    return register


Scalar: TypeAlias = Callable[..., Any]


def scalar(
    name: str, type: str | None, least: int = 0, most: int | None = None
) -> Callable[[Scalar], Scalar]:
    """Register a plain function of one System value and its arguments.

    Empty in, empty out, for the source and every argument; a result of None is empty too.
    """

    def register(compute: Scalar) -> Scalar:
        def build(compiler: Compiler, call: Call, scope: Scope) -> Code:
            return scalar_code(compiler, call, scope, compute, type)

        function(name, least, most)(build)
        return compute

    return register


def scalar_code(
    compiler: Compiler, call: Call, scope: Scope, compute: Scalar, type_name: str | None
) -> Code:
    source = compiler.source(call, scope)
    arguments = [(c.run, c.type) for c in (compiler.code(a, scope) for a in call.arguments)]
    run, static, at = source.run, source.type, call.at

    def value(context: Context, focus: Any) -> Any:
        first = system(single(run(context, focus), at), static)
        if first is None:
            return None
        rest = []
        for argument, argument_type in arguments:
            each = system(single(argument(context, focus), at), argument_type)
            if each is None:
                return None
            rest.append(each)
        try:
            return compute(first, *rest)
        except FhirPathError as error:
            raise (error if error.at >= 0 else FhirPathError(str(error), at)) from None

    if type_name == BOOLEAN:
        return boolean(value)

    def nodes(context: Context, focus: Any) -> Nodes:
        found = value(context, focus)
        return [] if found is None else [found]

    return Code(nodes, type_name, (type_name,) if type_name else ())
