"""The two APIs, assembled from the same nouns: one for everybody, one for the desk."""

from __future__ import annotations

from typing import Final

from graphql import GraphQLError
from strawberry import Schema
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from resolvers.desk import DeskMutations, DeskQueries
from resolvers.movements import MovementQueries, MovementSubscriptions
from resolvers.nodes import NodeQueries
from resolvers.people import PeopleMutations, PeopleQueries
from resolvers.sessions import SessionMutations
from resolvers.top_ups import TopUpMutations
from resolvers.transfers import TransferMutations, TransferQueries
from resolvers.wallets import WalletMutations, WalletQueries
from schema.money import SCALARS
from schema.movements import Adjustment, TopUp, Transfer
from server.errors import CodedErrors
from server.operations import FreshOperation, KnownIntrospection, NamedOperation

MAX_TOKENS: Final = 2_000
DOCUMENTS_KEPT: Final = 1_000


class _Schema(Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Silent: Strawberry would log the whole document; `server.errors` logs what matters."""


def _schema(query: type, mutation: type, subscription: type | None = None) -> _Schema:
    return _Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=(Transfer, TopUp, Adjustment),
        config=StrawberryConfig(
            scalar_map=SCALARS, relay_max_results=100, disable_field_suggestions=True
        ),
        extensions=[
            CodedErrors,
            FreshOperation,
            lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
            lambda: ParserCache(maxsize=DOCUMENTS_KEPT),
            lambda: ValidationCache(maxsize=DOCUMENTS_KEPT),
            # After the cache, which would otherwise forget what they refuse.
            NamedOperation,
            KnownIntrospection,
        ],
    )


public_schema = _schema(
    merge_types(
        "Query", (PeopleQueries, WalletQueries, TransferQueries, MovementQueries, NodeQueries)
    ),
    merge_types(
        "Mutation",
        (PeopleMutations, SessionMutations, WalletMutations, TopUpMutations, TransferMutations),
    ),
    merge_types("Subscription", (MovementSubscriptions,)),
)

desk_schema = _schema(
    merge_types("Query", (DeskQueries,)),
    merge_types("Mutation", (SessionMutations, DeskMutations)),
)
