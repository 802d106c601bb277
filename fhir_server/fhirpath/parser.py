"""Tokens to a syntax tree, by operator precedence.

Spec: http://hl7.org/fhirpath/N1/#operator-precedence
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from .errors import FhirPathError
from .lexer import Token, tokens
from .moment import parse_moment
from .quantity import CALENDAR, Quantity
from .tree import Binary, Call, Index, Literal, Member, Node, TypeTest, Unary, Variable, check_depth

MAX_NESTING = 60  # brackets within brackets; each costs the parser four levels of recursion

# A higher number binds tighter.
PRECEDENCE = {
    "implies": 1,
    **dict.fromkeys(("or", "xor"), 2),
    "and": 3,
    **dict.fromkeys(("in", "contains"), 4),
    **dict.fromkeys(("=", "~", "!=", "!~"), 5),
    **dict.fromkeys(("<", ">", "<=", ">="), 6),
    "|": 7,
    **dict.fromkeys(("is", "as"), 8),
    **dict.fromkeys(("+", "-", "&"), 9),
    **dict.fromkeys(("*", "/", "div", "mod"), 10),
}


@lru_cache(8192)
def parse(text: str) -> Node:
    """Errors: FhirPathError with the position."""
    parser = _Parser(tokens(text))
    node = parser.expression(0)
    parser.expect_end()
    check_depth(node)
    return node


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._nesting = 0

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def _at(self, operator: str) -> bool:
        token = self._tokens[self._next]
        return token.kind == "operator" and token.text == operator

    def _expect(self, operator: str) -> None:
        if not self._at(operator):
            raise FhirPathError(f"expected {operator}", self._peek().at)
        self._next += 1

    def expect_end(self) -> None:
        if self._peek().kind != "end":
            raise FhirPathError("expected an operator or the end", self._peek().at)

    def expression(self, floor: int) -> Node:
        """Operators that bind tighter than `floor`."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise FhirPathError(f"brackets nest at most {MAX_NESTING} deep", self._peek().at)
        left = self._signed()
        while True:
            token = self._peek()
            power = PRECEDENCE.get(token.text, 0)
            if token.kind not in ("operator", "name") or power <= floor:
                break
            self._take()
            if token.text in ("is", "as"):
                left = TypeTest(token.text, left, self._type_name(), token.at)
            else:
                left = Binary(token.text, left, self.expression(power), token.at)
        self._nesting -= 1
        return left

    def _type_name(self) -> str:
        name = self._name()
        while self._at("."):
            self._take()
            name += "." + self._name()
        return name

    def _name(self) -> str:
        token = self._take()
        if token.kind not in ("name", "quoted"):
            raise FhirPathError("expected a name", token.at)
        return token.text

    def _signed(self) -> Node:
        signs: list[Token] = []
        while self._at("-") or self._at("+"):
            signs.append(self._take())
        node = self._path()
        for token in reversed(signs):
            node = Unary(token.text, node, token.at)
        return node

    def _path(self) -> Node:
        node = self._term()
        while True:
            if self._at("."):
                self._take()
                node = self._invocation(node)
            elif self._at("["):
                at = self._take().at
                node = Index(node, self.expression(0), at)
                self._expect("]")
            else:
                return node

    def _invocation(self, source: Node | None) -> Node:
        at = self._peek().at
        name = self._name()
        if not self._at("("):
            return Member(source, name, at)
        self._take()
        arguments: list[Node] = []
        if not self._at(")"):
            arguments.append(self.expression(0))
            while self._at(","):
                self._take()
                arguments.append(self.expression(0))
        self._expect(")")
        return Call(source, name, tuple(arguments), at)

    def _term(self) -> Node:
        token = self._peek()
        if token.kind == "operator":
            return self._bracket()
        if token.kind in ("name", "quoted"):
            if token.kind == "name" and token.text in ("true", "false"):
                self._take()
                return Literal("Boolean", token.text == "true", token.at)
            return self._invocation(None)
        self._take()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "string":
            return Literal("String", token.text, token.at)
        if token.kind == "variable":
            return Variable(token.text, token.at)
        if token.kind == "moment":
            moment = parse_moment(token.text[1:])
            if moment is None:
                raise FhirPathError("there is no such date or time", token.at)
            return Literal(moment.kind, moment, token.at)
        raise FhirPathError("expected a value, a name or a bracket", token.at)

    def _bracket(self) -> Node:
        token = self._take()
        if token.text == "(":
            node = self.expression(0)
            self._expect(")")
            return node
        if token.text == "{":
            self._expect("}")
            return Literal("", None, token.at)
        if token.text == "%":
            name = self._take()
            if name.kind not in ("name", "quoted", "string"):
                raise FhirPathError("expected the name of a variable", name.at)
            return Variable("%" + name.text, token.at)
        raise FhirPathError("expected a value, a name or a bracket", token.at)

    def _number(self, token: Token) -> Node:
        unit = self._peek()
        if unit.kind == "string":
            self._take()
            return Literal("Quantity", Quantity(Decimal(token.text), unit.text), token.at)
        if unit.kind == "name" and unit.text in CALENDAR:
            self._take()
            quantity = Quantity(Decimal(token.text), unit.text, calendar=True)
            return Literal("Quantity", quantity, token.at)
        if "." in token.text:
            return Literal("Decimal", Decimal(token.text), token.at)
        return Literal("Integer", int(token.text), token.at)
