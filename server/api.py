"""The two APIs, assembled from the same nouns: one for everybody, one for the desk."""

from __future__ import annotations

from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.client_versions import (
    ClientVersionDeskMutations,
    ClientVersionDeskQueries,
    ClientVersionQueries,
)
from resolvers.closings import ClosingMutations
from resolvers.contacts import ContactMutations
from resolvers.desk import DeskMutations, DeskQueries
from resolvers.devices import DeviceMutations
from resolvers.exports import ExportMutations
from resolvers.factor_losses import (
    FactorLossDeskMutations,
    FactorLossDeskQueries,
    FactorLossMutations,
)
from resolvers.freezes import FreezeMutations
from resolvers.limits import LimitMutations
from resolvers.movements import MovementQueries, MovementSubscriptions
from resolvers.nodes import NodeQueries
from resolvers.passkeys import PasskeyMutations
from resolvers.passwords import PasswordMutations, PasswordQueries
from resolvers.people import PeopleMutations, PeopleQueries
from resolvers.profiles import ProfileMutations
from resolvers.proofs import ProofMutations
from resolvers.receipts import ReceiptQueries
from resolvers.receive_codes import ReceiveCodeMutations, ReceiveCodeQueries
from resolvers.risk import InquiryMutations, RiskMutations, RiskQueries
from resolvers.second_factors import SecondFactorMutations
from resolvers.sessions import SessionMutations
from resolvers.top_ups import TopUpMutations
from resolvers.transfers import TransferMutations, TransferQueries
from resolvers.verification_requests import (
    DeskVerificationMutations,
    DeskVerificationQueries,
    VerificationMutations,
)
from resolvers.wallets import WalletMutations, WalletQueries
from schema.limits import AmountLimit, CountLimit
from schema.money import SCALARS
from schema.movements import Adjustment, TopUp, Transfer


def _schema(query: type, mutation: type, subscription: type | None = None) -> Schema:
    return Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=(Transfer, TopUp, Adjustment, AmountLimit, CountLimit),
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


public_schema = _schema(
    merge_types(
        "Query",
        (
            PeopleQueries,
            PasswordQueries,
            WalletQueries,
            ReceiveCodeQueries,
            TransferQueries,
            MovementQueries,
            ReceiptQueries,
            NodeQueries,
            ClientVersionQueries,
        ),
    ),
    merge_types(
        "Mutation",
        (
            PeopleMutations,
            ContactMutations,
            ProfileMutations,
            PasswordMutations,
            SessionMutations,
            DeviceMutations,
            ProofMutations,
            PasskeyMutations,
            WalletMutations,
            LimitMutations,
            ReceiveCodeMutations,
            TopUpMutations,
            TransferMutations,
            InquiryMutations,
            SecondFactorMutations,
            FactorLossMutations,
            FreezeMutations,
            ClosingMutations,
            VerificationMutations,
            ExportMutations,
        ),
    ),
    merge_types("Subscription", (MovementSubscriptions,)),
)

desk_schema = _schema(
    merge_types(
        "Query",
        (
            DeskQueries,
            RiskQueries,
            PasswordQueries,
            ClientVersionQueries,
            ClientVersionDeskQueries,
            FactorLossDeskQueries,
            DeskVerificationQueries,
        ),
    ),
    merge_types(
        "Mutation",
        (
            SessionMutations,
            DeviceMutations,
            ProofMutations,
            PasskeyMutations,
            PasswordMutations,
            DeskMutations,
            RiskMutations,
            SecondFactorMutations,
            FactorLossMutations,
            FactorLossDeskMutations,
            ClientVersionDeskMutations,
            DeskVerificationMutations,
        ),
    ),
)
