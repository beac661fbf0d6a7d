"""How the codes between people come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from domain import blocks, favourites
from models.acquaintances import FavouritePayee, PersonBlock
from models.money_requests import MoneyRequest, MoneyRequestStatus
from tests import factories
from tests.api.scenarios.stage import Act, Scenario, Scenarios, Stage, problem
from tests.api.test_transfers import wish
from tests.domain import acquaintances
from tests.moments import NOON

_AMOUNT: Final = {"amountMinor": 250, "currency": "CNY"}


async def payee_name_mismatch(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = wish(ada, "bob", 100) | {"payeeSurname": "Wrong"}
    return partial(problem, ada.asker, "prepareTransfer", words)


async def payee_names_paused(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = wish(ada, "bob", 100) | {"payeeSurname": "Wrong"}
    for _time in range(3):
        await problem(ada.asker, "prepareTransfer", words)
    return partial(problem, ada.asker, "prepareTransfer", words)


async def request_closed(stage: Stage) -> Act:
    ada, bob = await stage.two()
    request = await acquaintances.asked_of(ada.person, bob.person)
    ended = {"status": MoneyRequestStatus.CANCELLED, "ended_at": NOON}
    await MoneyRequest.filter(id=request.id).update(**ended)
    words = {"requestId": f"mrq_{request.id.hex}"}
    return partial(problem, ada.asker, "declineMoneyRequest", words)


async def request_amount_differs(stage: Stage) -> Act:
    ada, bob = await stage.two()
    request = await acquaintances.asked_of(ada.person, bob.person)
    words = {
        "walletId": ada.wallet_id,
        "payee": {"moneyRequest": f"mrq_{request.id.hex}"},
        "amount": {"amountMinor": 249, "currency": "CNY"},
    }
    return partial(problem, ada.asker, "prepareTransfer", words)


async def too_many_requests(stage: Stage) -> Act:
    ada, bob = await stage.two()
    for _time in range(3):
        await acquaintances.asked_of(ada.person, bob.person)
    words = {"payer": {"accountName": "ada"}, "amount": _AMOUNT}
    return partial(problem, bob.asker, "requestMoney", words)


def asking(**changes: Any) -> Scenario:
    async def scenario(stage: Stage) -> Act:
        _, bob = await stage.two()
        words = {"payer": {"accountName": "ada"}, "amount": _AMOUNT} | changes
        return partial(problem, bob.asker, "requestMoney", words)

    return scenario


async def alias_invalid(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = {"payee": {"accountName": "bob"}, "alias": "x" * 33}
    return partial(problem, ada.asker, "addFavouritePayee", words)


async def too_many_favourites(stage: Stage) -> Act:
    ada, _ = await stage.two()
    known = [await factories.person(f"friend{place}") for place in range(favourites.MOST)]
    rows = [acquaintances.favourite(ada.person, friend) for friend in known]
    await FavouritePayee.bulk_create(rows)
    return partial(problem, ada.asker, "addFavouritePayee", {"payee": {"accountName": "bob"}})


async def too_many_blocks(stage: Stage) -> Act:
    ada, bob = await stage.two()
    known = [await factories.person(f"foe{place}") for place in range(blocks.MOST)]
    await PersonBlock.bulk_create([acquaintances.block(ada.person, foe) for foe in known])
    words = {"partyId": f"pty_{bob.person.id.hex}"}
    return partial(problem, ada.asker, "blockPerson", words)


PROBLEMS: Final[Scenarios] = {
    "PAYEE_NAME_MISMATCH": payee_name_mismatch,
    "PAYEE_NAMES_PAUSED": payee_names_paused,
    "REQUEST_CLOSED": request_closed,
    "REQUEST_AMOUNT_DIFFERS": request_amount_differs,
    "TOO_MANY_REQUESTS": too_many_requests,
    "REQUEST_EXPIRY_INVALID": asking(days=0),
    "ALIAS_INVALID": alias_invalid,
    "TOO_MANY_FAVOURITES": too_many_favourites,
    "TOO_MANY_BLOCKS": too_many_blocks,
}
