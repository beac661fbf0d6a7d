"""Closing a wallet, and closing an account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.problems import closings as problems
from schema.problems.sessions import ProofNeeded
from schema.wallets import Wallet


@strawberry.input
class CloseWalletInput:
    wallet_id: strawberry.ID = strawberry.field(description="Yours, with nothing in it.")


@strawberry.type(
    description="Nothing enters or leaves the wallet; `openWallet` opens it again, with its past."
)
class ClosedWallet:
    wallet: Wallet


@strawberry.type(
    description="The account and its wallets are closed and every session is over. What is "
    "personal is erased as soon as a last letter has left, within a day or so."
)
class AccountClosed:
    closed_at: datetime


CloseWalletResult = Annotated[
    ClosedWallet | problems.WalletNotEmpty | problems.WalletInUse,
    strawberry.union("CloseWalletResult"),
]
CloseAccountResult = Annotated[
    AccountClosed
    | ProofNeeded
    | problems.CaseUnderWay
    | problems.OwnsMerchant
    | problems.WalletNotEmpty
    | problems.WalletInUse,
    strawberry.union("CloseAccountResult"),
]
