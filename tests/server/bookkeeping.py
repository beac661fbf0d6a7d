"""Whether the books say what customers were told, and whether they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.movements import IdempotencyKey, Movement, MovementKind, MovementStatus
from models.postings import Entry, Posting
from models.wallets import Account, Side
from schema.ids import Prefix, public
from tests.server.payers import Order, Told


async def differences(log: Sequence[tuple[Order, Told]]) -> list[str]:
    """Where the books say anything else than the customers were told; they paid nothing else."""
    keys = {(row.owner_id, row.key): row.movement_id for row in await IdempotencyKey.all()}
    transfers_made = {
        row.id: row for row in await Movement.filter(kind=MovementKind.TRANSFER).all()
    }
    posted = Counter(row.movement_id for row in await Posting.all())
    found = []
    for order, told in log:
        movement_id = keys.get((order.customer.person.id, order.key))
        movement = transfers_made.pop(movement_id, None) if movement_id else None
        in_books = _in_books(movement, posted[movement_id] if movement_id else 0, order)
        if in_books != told:
            found.append(f"{order.key}: told {told}, in the books {in_books}")
    found += [f"nobody asked for {movement_id}" for movement_id in transfers_made]
    return found


def _in_books(movement: Movement | None, postings: int, order: Order) -> Told:
    if movement is None:
        return Told("WrongPin")
    id = public(Prefix.TRANSFER, movement.id)
    is_whole = movement.amount == order.amount
    if movement.status is MovementStatus.COMPLETED and postings == 1 and is_whole:
        return Told("TransferCompleted", id)
    if movement.status is MovementStatus.FAILED and postings == 0 and is_whole:
        return Told("TransferFailed", id)
    return Told(f"{movement.status} of {movement.amount} with {postings} postings", id)


async def crooked_accounts() -> list[str]:
    """Accounts whose balance is not the sum of their entries, and a total that is not zero."""
    found, total = [], 0
    entries: Counter[object] = Counter()
    for entry in await Entry.all():
        entries[entry.account_id] += entry.posted if entry.side is Side.DEBIT else -entry.posted
    for account in await Account.all():
        signed = account.posted_debits - account.posted_credits
        total += signed
        if signed != entries[account.id]:
            found.append(f"{account.id}: {signed}, entries {entries[account.id]}")
    return [*found, f"the sum is {total}"] if total else found
