"""What happens around every operation, whichever wire it came by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, Visitor, visit
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from schema.context import Context


class FreshOperation(SchemaExtension):
    """Gives each operation a context of its own, and asks anew whether its session lives.

    Strawberry shares one context among all operations of a socket: what one has read would be
    another's stale answer, and a session that ended would go on.
    """

    async def on_operation(self) -> AsyncIterator[None]:
        context: Context = self.execution_context.context
        self.execution_context.context = await context.renewed()
        yield


class NamedOperation(SchemaExtension):
    """Refuses a document of several operations that does not say which one is meant."""

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if context._provided_operation_name is None and len(_operations(context)) > 1:
            _refuse(
                context, "Say by operationName which operation is meant.", "OPERATION_NAME_REQUIRED"
            )
        yield


class KnownIntrospection(SchemaExtension):
    """Where money is real, shows the schema only to somebody who is signed in."""

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        asker: Context = context.context
        if asker.livemode and asker.identity is None and _looks_at_schema(context):
            _refuse(context, "Sign in to see the schema.", "UNAUTHENTICATED")
        yield


def _operations(context: ExecutionContext) -> list[OperationDefinitionNode]:
    assert context.graphql_document is not None, "it was parsed before it is validated"
    definitions = context.graphql_document.definitions
    return [each for each in definitions if isinstance(each, OperationDefinitionNode)]


def _looks_at_schema(context: ExecutionContext) -> bool:
    assert context.graphql_document is not None, "it was parsed before it is validated"
    looks = _SchemaLooks()
    visit(context.graphql_document, looks)
    return looks.found


class _SchemaLooks(Visitor):
    """Whether a document asks about the schema, anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found = self.found or node.name.value in {"__schema", "__type"}


def _refuse(context: ExecutionContext, message: str, code: str) -> None:
    """Adds a no to those of validation, which has been done by then (see the order in `api`)."""
    error = GraphQLError(message, extensions={"code": code})
    context.pre_execution_errors = [*(context.pre_execution_errors or []), error]
