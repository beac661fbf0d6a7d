"""The two APIs, assembled from the same nouns: one for everybody, one for the desk."""

from __future__ import annotations

from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.desk import DeskMutations, DeskQueries
from resolvers.movements import MovementQueries, MovementSubscriptions
from resolvers.nodes import NodeQueries
from resolvers.people import PeopleMutations, PeopleQueries
from resolvers.receipts import ReceiptQueries
from resolvers.receive_codes import ReceiveCodeMutations, ReceiveCodeQueries
from resolvers.sessions import SessionMutations
from resolvers.top_ups import TopUpMutations
from resolvers.transfers import TransferMutations, TransferQueries
from resolvers.wallets import WalletMutations, WalletQueries
from schema.money import SCALARS
from schema.movements import Adjustment, TopUp, Transfer


def _schema(query: type, mutation: type, subscription: type | None = None) -> Schema:
    return Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=(Transfer, TopUp, Adjustment),
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


public_schema = _schema(
    merge_types(
        "Query",
        (
            PeopleQueries,
            WalletQueries,
            ReceiveCodeQueries,
            TransferQueries,
            MovementQueries,
            ReceiptQueries,
            NodeQueries,
        ),
    ),
    merge_types(
        "Mutation",
        (
            PeopleMutations,
            SessionMutations,
            WalletMutations,
            ReceiveCodeMutations,
            TopUpMutations,
            TransferMutations,
        ),
    ),
    merge_types("Subscription", (MovementSubscriptions,)),
)

desk_schema = _schema(
    merge_types("Query", (DeskQueries,)),
    merge_types("Mutation", (SessionMutations, DeskMutations)),
)
