"""Handing a movement to a provider: noted before a word is said, and taken back only unheard."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import ledger, settlements
from domain.decisions import decision
from models.ids import new_id
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.providers import ProviderMessage, ProviderOrder
from models.wallets import Account

CLOSED_CODE: Final = "ACCOUNT_CLOSED"
_FROZEN_CODES: Final = {1: "ACCOUNT_FROZEN_BY_USER"}
_RESTRICTED_CODE: Final = "ACCOUNT_RESTRICTED"


class OtherProvider(Exception):
    """The order is in the hands of another provider; asking this one would pay a second time."""

    def __init__(self) -> None:
        super().__init__("The order was handed to another provider.")


class HandedOver(Exception):
    """A provider may have heard of the movement: only it can say now how that ends."""

    def __init__(self) -> None:
        super().__init__("The movement was handed to a provider.")


class Handing(StrEnum):
    """What may be said to the provider about a movement."""

    SUBMIT = "submit"  # it knows nothing of it
    ASK = "ask"  # it may have heard of it
    NOTHING = "nothing"  # the movement waits for no provider


class MessageKind(StrEnum):
    """What a provider's message came in answer to; a callback came by itself."""

    SUBMIT = "submit"
    ASK = "ask"
    CALLBACK = "callback"


async def name_account(
    movement_id: UUID, account_id: UUID, token: str | None, *, provider: str, now: datetime
) -> None:
    """Notes which card or bank account a movement is about, in the decision that makes it.

    `token` is what `provider` calls the account.
    """
    await ProviderOrder.create(
        movement_id=movement_id,
        provider=provider,
        bank_account_id=account_id,
        token=token,
        created_at=now,
    )


async def token_of(movement_id: UUID) -> str | None:
    """What the provider calls the movement's card or bank account; None where it knows which."""
    order = await ProviderOrder.get_or_none(movement_id=movement_id)
    return None if order is None else order.token


async def hand_over(movement: Movement, provider: str, now: datetime) -> Handing:
    """Notes, before a word is said to it, that the movement is this provider's.

    Opens its own decision, which locks the movement: it is handed over or taken back, not both.

    Raises:
        OtherProvider: another one may have heard of it.
    """
    async with decision():
        locked = await Movement.filter(id=movement.id).select_for_update(no_key=True).get()
        if locked.status not in {MovementStatus.PENDING, MovementStatus.UNKNOWN}:
            return Handing.NOTHING
        order, _ = await ProviderOrder.get_or_create(
            movement_id=movement.id, defaults={"provider": provider, "created_at": now}
        )
        if order.told_at is None:
            order.provider, order.told_at = provider, now
            await order.save(update_fields=["provider", "told_at"])
            return Handing.SUBMIT
        if order.provider != provider:
            raise OtherProvider
        return Handing.ASK


async def take_back(movement_id: UUID) -> None:
    """Notes, in the caller's decision, that the provider heard nothing after all.

    Only for whoever was told by `hand_over` to submit, and could not reach it.
    """
    await ProviderOrder.filter(movement_id=movement_id).update(told_at=None)


async def end_unheard(command: ledger.Command) -> ledger.Posted:
    """Posts what ends a movement of which no provider has heard; a decision of its own.

    Raises:
        HandedOver: one may have heard of it; nothing was posted.
    """
    async with decision() as announce:
        # The movement is locked by now: whoever hands it over comes before this or not at all.
        posted = await ledger.post_in(announce, command)
        await check_unheard(command.movement_id)
    return posted


async def check_unheard(movement_id: UUID) -> None:
    """Asked after posting what ends a movement, in the same decision, which then fails.

    Raises:
        HandedOver: a provider may have heard of it.
    """
    if await ProviderOrder.exists(movement_id=movement_id, told_at__isnull=False):
        raise HandedOver


async def is_void(movement: Movement, now: datetime) -> bool:
    """Whether nothing may be asked of a provider any more; then the movement fails.

    Of a movement that none has heard of: a top-up whose wallet was closed at the moment it was
    asked for, and a withdrawal from a wallet that was frozen while it waited.
    """
    code = await _barred(movement)
    if code is None or movement.status is not MovementStatus.PENDING:
        return False
    try:
        await end_unheard(await _failing(movement, code, now))
    except HandedOver:
        return False
    return True


async def keep(
    provider: str, kind: MessageKind, text: str, *, movement_id: UUID | None, now: datetime
) -> ProviderMessage:
    """Keeps a provider's words as they came."""
    # The character NUL, which PostgreSQL's jsonb cannot hold, is written out.
    body = {"text": text.replace("\x00", "\\x00")}
    return await ProviderMessage.create(
        id=new_id(),
        provider=provider,
        kind=kind,
        movement_id=movement_id,
        body=body,
        received_at=now,
    )


async def _barred(movement: Movement) -> str | None:
    if movement.kind is MovementKind.TOP_UP:
        wallet = await Account.get(id=movement.target_id)
        return None if wallet.closed_at is None else CLOSED_CODE
    source = await Account.get(id=movement.source_id)
    if not source.freeze_level:
        return None
    return _FROZEN_CODES.get(source.freeze_level, _RESTRICTED_CODE)


async def _failing(movement: Movement, code: str, now: datetime) -> ledger.Command:
    key = settlements.own_key(movement.id, "void")
    held = await Hold.get_or_none(movement_id=movement.id)
    failed = MovementStatus.FAILED
    if held is None:
        return ledger.mark(movement, failed, key=key, at=now, failure_code=code)
    return ledger.release(movement, held, key=key, at=now, to=failed, failure_code=code)
