"""A query read and checked before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveLocation,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    specified_directives,
    specified_rules,
    validate,
)
from graphql.utilities import value_from_ast_untyped

from .scopes import Field, Scopes

MAX_TOKENS = 4000
MAX_DEPTH = 12  # levels of selections
MAX_FIELDS = 2000  # fields after fragments are put in
# The rules of GraphQL that need no schema; fields and arguments are checked below, by FHIR's own
# definitions: a schema of all of R4 would take 30 MB and a second.
RULES = [
    rule
    for rule in specified_rules
    if rule.__name__
    in {
        "ExecutableDefinitionsRule", "UniqueOperationNamesRule", "LoneAnonymousOperationRule",
        "KnownFragmentNamesRule", "NoUnusedFragmentsRule", "NoFragmentCyclesRule",
        "UniqueFragmentNamesRule", "UniqueVariableNamesRule", "NoUndefinedVariablesRule",
        "NoUnusedVariablesRule", "KnownDirectivesRule", "UniqueDirectivesPerLocationRule",
        "UniqueArgumentNamesRule", "UniqueInputFieldNamesRule",
    }
]  # fmt: skip
PATH = {"path": GraphQLArgument(GraphQLNonNull(GraphQLString))}
DIRECTIVES = [
    GraphQLDirective(name, [DirectiveLocation.FIELD], PATH if name == "slice" else {})
    for name in ("flatten", "first", "singleton", "slice")
]
SCHEMA = GraphQLSchema(
    GraphQLObjectType("Query", {"resourceType": GraphQLField(GraphQLString)}),
    directives=[*specified_directives, *DIRECTIVES],
    assume_valid=True,
)


@dataclass
class Query:
    """An operation ready to run."""

    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The query is not run. Shape: the findings, each with its place in the query."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("refused")
        self.errors = errors


def read_query(scopes: Scopes, root: str, text: str, variables: dict[str, Any], name: str) -> Query:
    """Errors: Refused for what is no query, or asks for what is not there or for too much."""
    try:
        document = parse(text, no_location=False, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        raise Refused([error]) from None
    except RecursionError:
        raise Refused([GraphQLError(f"The query is nested deeper than {MAX_DEPTH}.")]) from None
    errors = list(validate(SCHEMA, document, RULES, max_errors=20))
    if errors:
        raise Refused(errors)
    operation = _operation(document, name)
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    checker = _Checker(scopes, fragments)
    checker.selections(operation.selection_set, root, 1)
    if checker.errors:
        raise Refused(checker.errors[:20])
    return Query(operation, fragments, _variables(operation, variables))


def _operation(document: DocumentNode, name: str) -> OperationDefinitionNode:
    found = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name:
        found = [d for d in found if d.name is not None and d.name.value == name]
    if len(found) != 1:
        text = "Unknown operationName." if name else "operationName must say which one to run."
        raise Refused([GraphQLError(text)])
    if found[0].operation != OperationType.QUERY:
        raise Refused([GraphQLError("Only queries are supported.", found[0])])
    return found[0]


def _variables(operation: OperationDefinitionNode, given: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for each in operation.variable_definitions or ():
        name = each.variable.name.value
        if name in given:
            out[name] = given[name]
        elif each.default_value is not None:
            out[name] = value_from_ast_untyped(each.default_value)
        if out.get(name) is None and isinstance(each.type, NonNullTypeNode):
            raise Refused([GraphQLError(f"The variable '${name}' needs a value.", each)])
    return out


class _Checker:
    def __init__(self, scopes: Scopes, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.scopes, self.fragments = scopes, fragments
        self.errors: list[GraphQLError] = []
        self.count = 0

    def selections(self, node: SelectionSetNode, scope: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Refused([GraphQLError(f"The query is nested deeper than {MAX_DEPTH}.", node)])
        for each in node.selections:
            self.count += 1
            if self.count > MAX_FIELDS:
                raise Refused([GraphQLError(f"The query has more than {MAX_FIELDS} fields.")])
            if isinstance(each, FieldNode):
                self.field(each, scope, depth)
                continue
            target, inside = scope, None
            if isinstance(each, FragmentSpreadNode):
                fragment = self.fragments[each.name.value]
                target, inside = fragment.type_condition.name.value, fragment.selection_set
            elif isinstance(each, InlineFragmentNode):
                inside = each.selection_set
                if each.type_condition is not None:
                    target = each.type_condition.name.value
            if not self.scopes.is_type(target):
                self.errors.append(GraphQLError(f"Unknown type '{target}'.", each))
            elif not self.scopes.fits(target, scope):
                text = f"A fragment on '{target}' cannot be in '{scope}'."
                self.errors.append(GraphQLError(text, each))
            elif inside is not None:
                narrow = target if self.scopes.is_a(target, scope) else scope
                self.selections(inside, narrow, depth)

    def field(self, node: FieldNode, scope: str, depth: int) -> None:
        name = node.name.value
        if name == "__typename":
            return
        found = self.scopes.field(scope, name)
        if found is None:
            text = f"Cannot query field '{name}' on type '{scope}'."
            near = self.scopes.near(scope, name)
            if near:
                text += " Did you mean " + " or ".join(f"'{each}'" for each in near) + "?"
            self.errors.append(GraphQLError(text, node))
            return
        self.arguments(node, found, scope)
        if not found.scope and node.selection_set is not None:
            text = f"Field '{name}' must not have a selection since it has no subfields."
            self.errors.append(GraphQLError(text, node))
        elif found.scope and node.selection_set is None:
            text = f"Field '{name}' of type '{found.scope}' must have a selection of subfields."
            self.errors.append(GraphQLError(text, node))
        elif found.scope and node.selection_set is not None:
            self.selections(node.selection_set, found.scope, depth + 1)

    def arguments(self, node: FieldNode, found: Field, scope: str) -> None:
        given = {each.name.value: each for each in node.arguments or ()}
        if found.required and found.required not in given:
            text = f"Field '{found.name}' needs the argument '{found.required}'."
            self.errors.append(GraphQLError(text, node))
        if found.args is None:
            return
        for name, each in given.items():
            if name not in found.args:
                text = f"Unknown argument '{name}' on field '{scope}.{found.name}'."
                self.errors.append(GraphQLError(text, each))
