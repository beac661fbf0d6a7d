"""What a document asks for, weighed before anything of it is done, and how much one may ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLNamedType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
)

from schema.pages import FIRST_DEFAULT, FIRST_MAX
from server import errors

DEPTH: Final = 12
ALIASES: Final = 15
ROOT_FIELDS: Final = 20
MUTATIONS: Final = 5
DIRECTIVES: Final = 20
POINTS: Final = 5_000
"""Of one operation: what `cost` may come to at most."""

LIST_LENGTH: Final = 3
"""What a list without pages is taken to hold: such a list cannot grow."""
PRICES: Final[Mapping[str, int]] = {
    # Hashing a password takes as long as answering some fifty other fields.
    "register": 100,
    "signIn": 50,
    "proveIdentity": 50,
    # Checking a signature takes as long as answering a few other fields.
    "finishPasskey": 50,
    "signInWithPasskey": 10,
    # Compared with the last four, and hashed.
    "changePassword": 250,
    "completePasswordReset": 250,
    "requestPasswordReset": 50,
    # A picture of a code takes long to draw.
    "createReceiveCode": 20,
    "replaceReceiveCode": 20,
    "issuePaymentCode": 10,
    "svg": 10,
    "png": 10,
    # An archive of everything is made.
    "requestExport": 500,
    # What is sealed is kept with it.
    "requestVerification": 20,
    # It sends letters, and a provider looks.
    "addBankAccount": 50,
    # Each sends a letter.
    "sendContactCode": 50,
    "setOwnLimit": 50,
    "addContact": 50,
    "sendProofCode": 50,
    "addMerchantMember": 50,
    "offerMerchant": 50,
    "createApiKey": 50,
    # A picture only if it is asked for; a password is compared; codes are drawn and written.
    "startTotp": 20,
    "reportFactorLoss": 50,
    "makeRecoveryCodes": 10,
    "finishTotp": 10,
    # A name is looked up; up to a thousand deliveries are written.
    "createWebhookEndpoint": 20,
    "updateWebhookEndpoint": 20,
    "redeliverWebhooks": 200,
    "__schema": 50,
    "__type": 10,
}
"""What root fields cost in themselves that cost more than one point."""


@dataclass(slots=True)
class Weight:
    """What a part of a document comes to, its fragments unfolded.

    `points` is what it costs outside its pages; a page of it costs its size times what is inside.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    points: int = 0
    pages: Counter[Page] = field(default_factory=Counter)

    def add(self, other: Weight, times: int = 1) -> None:
        """Puts `other` beside what is here, `times` over as far as its cost goes."""
        self.depth = max(self.depth, other.depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.points += times * other.points
        for page, count in other.pages.items():
            self.pages[page] += times * count

    def cost(self, variables: Mapping[str, Any]) -> int:
        """Points, with pages of the size that is asked for."""
        return self.points + sum(
            count * page.length(variables) * page.inside.cost(variables)
            for page, count in self.pages.items()
        )


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A list asked for page by page; `size` is a number, or the variable that will say it."""

    size: int | str
    inside: Weight

    def length(self, variables: Mapping[str, Any]) -> int:
        said = variables.get(self.size) if isinstance(self.size, str) else self.size
        # Whatever is no size is refused later: until then it is taken for the longest.
        return said if type(said) is int and 0 < said <= FIRST_MAX else FIRST_MAX


def weighed(schema: GraphQLSchema, document: DocumentNode) -> list[Weight]:
    """The weight of each operation of a document, in its order; it may not be valid yet."""
    scales = _Scales(schema, document)
    return [scales.operation(each) for each in operations(document)]


def operations(document: DocumentNode) -> Iterator[OperationDefinitionNode]:
    """The operations of a document."""
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            yield definition


def excesses(operation: OperationDefinitionNode, weight: Weight) -> list[GraphQLError]:
    """What an operation asks too much of; what its pages cost is not yet among it."""
    is_mutation = operation.operation is OperationType.MUTATION
    counts = {
        "levels deep": (weight.depth, DEPTH),
        "aliases": (weight.aliases, ALIASES),
        "root fields": (weight.fields, MUTATIONS if is_mutation else ROOT_FIELDS),
        "directives": (weight.directives, DIRECTIVES),
    }
    return [
        excess(f"This operation has more than {most} {what}.", operation)
        for what, (count, most) in counts.items()
        if count > most
    ]


def excess(message: str, operation: OperationDefinitionNode | None = None) -> GraphQLError:
    """A no to too much of something."""
    return errors.no("LIMIT_EXCEEDED", message, operation)


class _Scales:
    """Weighs each fragment once and adds: a fragment spread twice twice over is no work."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._known: dict[str, Weight] = {}

    def operation(self, operation: OperationDefinitionNode) -> Weight:
        root = self._schema.get_root_type(operation.operation)
        weight = self._selections(operation.selection_set, root)
        weight.directives += len(operation.directives or ())
        return weight

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> Weight:
        weight = Weight()
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                self._add_field(weight, selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                weight.add(self._fragment(selection.name.value))
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition
                kind = self._schema.get_type(on.name.value) if on else parent
                weight.add(self._selections(selection.selection_set, kind))
            weight.directives += len(selection.directives or ())
        return weight

    def _fragment(self, name: str) -> Weight:
        if name not in self._known:
            # A fragment within itself weighs nothing there; validation refuses it.
            self._known[name] = Weight()
            if definition := self._fragments.get(name):
                kind = self._schema.get_type(definition.type_condition.name.value)
                self._known[name] = self._selections(definition.selection_set, kind)
                self._known[name].directives += len(definition.directives or ())
        return self._known[name]

    def _add_field(self, weight: Weight, node: FieldNode, parent: GraphQLNamedType | None) -> None:
        name = node.name.value
        weight.fields += 1
        weight.aliases += node.alias is not None
        weight.points += PRICES.get(name, node.selection_set is not None)
        weight.depth = max(weight.depth, 1)
        # How deep one may look into the schema is limited by a rule of its own.
        if node.selection_set is None or name in {"__schema", "__type"}:
            return
        kind = _type_of(parent, name)
        inside = self._selections(node.selection_set, get_named_type(kind) if kind else None)
        weight.depth = max(weight.depth, 1 + inside.depth)
        weight.aliases += inside.aliases
        weight.directives += inside.directives
        if _has_pages(parent, name):
            weight.pages[Page(_size(node), inside)] += 1
            return
        below = Weight(points=inside.points, pages=inside.pages)
        weight.add(below, LIST_LENGTH if _is_unpaged_list(kind, node) else 1)


def _type_of(parent: GraphQLNamedType | None, name: str) -> GraphQLOutputType | None:
    definition = getattr(parent, "fields", {}).get(name)
    return definition.type if definition else None


def _has_pages(parent: GraphQLNamedType | None, name: str) -> bool:
    definition = getattr(parent, "fields", {}).get(name)
    return definition is not None and "first" in definition.args


def _size(node: FieldNode) -> int | str:
    said = next((arg.value for arg in node.arguments or () if arg.name.value == "first"), None)
    if said is None:
        return FIRST_DEFAULT
    return said.name.value if isinstance(said, VariableNode) else whole(said)


def whole(node: ValueNode) -> int:
    """A whole number written in a document; what is none is taken for a very large one."""
    return int(node.value) if isinstance(node, IntValueNode) and len(node.value) < 9 else 10**9


def _is_unpaged_list(kind: GraphQLOutputType | None, node: FieldNode) -> bool:
    # The edges of a page are as many as the page is long, and counted there.
    is_list = kind is not None and isinstance(get_nullable_type(kind), GraphQLList)
    return is_list and node.name.value != "edges"
