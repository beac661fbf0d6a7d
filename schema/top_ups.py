"""Top-ups: money from a bank card into a wallet."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.money import MoneyInput
from schema.movements import TopUp
from schema.problems import bank_accounts as account_problems
from schema.problems import money as problems
from schema.problems import withdrawals as withdrawal_problems


@strawberry.input
class TopUpInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet that receives; yours.")
    amount: MoneyInput = strawberry.field(
        description="In demo and test mode the last two digits choose how the simulated bank "
        "behaves: see docs/reference/simulator.md."
    )
    bank_account_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The card or bank account that pays; without it the provider asks you.",
    )
    idempotency_key: strawberry.ID = strawberry.field(
        description="Yours, 1 to 64 visible ASCII characters; the same key gives the same answer."
    )


@strawberry.type(
    description="The bank is being asked; follow the top-up with `movementUpdated`. A repeated "
    "key answers with what became of it since."
)
class TopUpStarted:
    top_up: TopUp


TopUpResult = Annotated[
    TopUpStarted
    | problems.KeyInvalid
    | problems.KeyReused
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | account_problems.BankAccountUnusable
    | withdrawal_problems.BankCurrencyDiffers
    | problems.WalletClosed
    | problems.TopUpsUnavailable
    | problems.Busy
    | problems.OutcomeUnknown,
    strawberry.union("TopUpResult"),
]
