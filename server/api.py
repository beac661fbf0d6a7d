"""The two APIs, assembled from the same nouns: one for everybody, one for the desk."""

from __future__ import annotations

from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.acquaintances import AcquaintanceMutations
from resolvers.api_keys import ApiKeyMutations
from resolvers.bank_accounts import BankAccountMutations, BankAccountQueries
from resolvers.cases import CaseMutations, CaseQueries
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
from resolvers.merchant_codes import MerchantCodeMutations, MerchantCodeQueries
from resolvers.merchant_desk import MerchantDeskMutations, MerchantDeskQueries
from resolvers.merchant_members import MerchantMemberMutations
from resolvers.merchants import MerchantMutations, MerchantQueries
from resolvers.movements import MovementQueries, MovementSubscriptions
from resolvers.nodes import NodeQueries
from resolvers.orders import OrderMutations, OrderQueries
from resolvers.passkeys import PasskeyMutations
from resolvers.passwords import PasswordMutations, PasswordQueries
from resolvers.payment_codes import (
    PaymentCodeMutations,
    PaymentCodeQueries,
    PaymentCodeSubscriptions,
)
from resolvers.payments import PaymentMutations, PaymentQueries, PaymentSubscriptions
from resolvers.people import PeopleMutations, PeopleQueries
from resolvers.profiles import ProfileMutations
from resolvers.proofs import ProofMutations
from resolvers.receipts import ReceiptQueries
from resolvers.receive_codes import ReceiveCodeMutations, ReceiveCodeQueries
from resolvers.refunds import RefundMutations, RefundQueries
from resolvers.risk import InquiryMutations, RiskMutations, RiskQueries
from resolvers.second_factors import SecondFactorMutations
from resolvers.sessions import SessionMutations
from resolvers.settlements import (
    SettlementDeskMutations,
    SettlementDeskQueries,
    SettlementQueries,
)
from resolvers.test_clock import TestClockMutations, TestClockQueries
from resolvers.top_ups import TopUpMutations
from resolvers.transfers import TransferMutations, TransferQueries
from resolvers.unclaimed import UnclaimedMutations, UnclaimedQueries
from resolvers.verification_requests import (
    DeskVerificationMutations,
    DeskVerificationQueries,
    VerificationMutations,
)
from resolvers.wallets import WalletMutations, WalletQueries
from resolvers.webhooks import WebhookMutations, WebhookQueries
from resolvers.withdrawals import WithdrawalMutations
from schema.limits import AmountLimit, CountLimit
from schema.merchant_payments import MerchantPayment
from schema.money import SCALARS
from schema.movements import (
    Adjustment,
    Payout,
    Refund,
    SettlementFee,
    TopUp,
    TopUpReversal,
    Transfer,
    Withdrawal,
    WithdrawalReturn,
)


def _schema(query: type, mutation: type, subscription: type | None = None) -> Schema:
    return Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=(
            Transfer,
            TopUp,
            Adjustment,
            MerchantPayment,
            Refund,
            Withdrawal,
            WithdrawalReturn,
            TopUpReversal,
            Payout,
            SettlementFee,
            AmountLimit,
            CountLimit,
        ),
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


public_schema = _schema(
    merge_types(
        "Query",
        (
            PeopleQueries,
            PasswordQueries,
            WalletQueries,
            BankAccountQueries,
            ReceiveCodeQueries,
            TransferQueries,
            UnclaimedQueries,
            OrderQueries,
            PaymentQueries,
            MerchantCodeQueries,
            PaymentCodeQueries,
            RefundQueries,
            MovementQueries,
            MerchantQueries,
            ReceiptQueries,
            NodeQueries,
            SettlementQueries,
            ClientVersionQueries,
            TestClockQueries,
            WebhookQueries,
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
            BankAccountMutations,
            LimitMutations,
            ReceiveCodeMutations,
            TopUpMutations,
            WithdrawalMutations,
            TransferMutations,
            AcquaintanceMutations,
            UnclaimedMutations,
            OrderMutations,
            PaymentMutations,
            MerchantCodeMutations,
            PaymentCodeMutations,
            RefundMutations,
            InquiryMutations,
            SecondFactorMutations,
            FactorLossMutations,
            FreezeMutations,
            ClosingMutations,
            VerificationMutations,
            ExportMutations,
            MerchantMutations,
            MerchantMemberMutations,
            ApiKeyMutations,
            TestClockMutations,
            WebhookMutations,
        ),
    ),
    merge_types(
        "Subscription",
        (MovementSubscriptions, PaymentSubscriptions, PaymentCodeSubscriptions),
    ),
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
            MerchantDeskQueries,
            CaseQueries,
            SettlementDeskQueries,
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
            MerchantDeskMutations,
            CaseMutations,
            SettlementDeskMutations,
        ),
    ),
)
