"""Each day of the chain is closed by an anchor that only this server can have signed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import chain, ledger
from domain.chain import anchors
from models.chain import ChainAnchor, ChainLink
from models.wallets import Account
from tests import factories
from tests.domain import orders
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ada() -> Account:
    return await factories.wallet(await factories.person("ada"), holds=1_000)


@pytest.fixture
async def bob() -> Account:
    return await factories.wallet(await factories.person("bob"))


async def test_a_day_is_closed_once_when_it_is_over(ada: Account, bob: Account) -> None:
    await chain.seal(NOON)
    evening = await chain.seal(NOON + timedelta(hours=11, minutes=59))
    midnight = await chain.seal(NOON + timedelta(hours=12))
    again = await chain.seal(NOON + timedelta(days=7))

    [link] = await ChainLink.all()
    [anchor] = await ChainAnchor.all()
    assert evening.anchor is None
    assert midnight.anchor == anchor
    assert again.anchor is None
    assert (anchor.day, anchor.last_seq, anchor.hash) == (NOON.date(), 1, link.hash)
    assert (anchor.postings, anchor.entries) == (1, 2)
    assert anchors.is_signed(anchor)


async def test_anchors_count_from_the_first_day_on(ada: Account, bob: Account) -> None:
    await chain.seal(NOON)
    await ledger.post(orders.pay(ada, bob, 10, fee=1))
    await chain.seal(NOON + timedelta(days=2))
    await chain.seal(NOON + timedelta(days=5))

    kept = await ChainAnchor.all().order_by("day")

    assert [(each.day.day, each.postings, each.entries) for each in kept] == [(2, 1, 2), (4, 2, 5)]


async def test_days_never_run_backwards_whatever_clocks_say(ada: Account, bob: Account) -> None:
    await chain.seal(NOON)
    await ledger.post(orders.pay(ada, bob, 10))
    await chain.seal(NOON - timedelta(days=3))

    moments = await ChainLink.all().order_by("seq").values_list("sealed_at", flat=True)
    assert moments == [NOON, NOON]


async def test_an_anchor_is_read_back_as_it_was_printed(ada: Account) -> None:
    await chain.seal(NOON)
    await chain.seal(NOON + timedelta(days=1))
    [anchor] = await ChainAnchor.all()

    read = anchors.parsed(anchors.line(anchor))

    assert anchors.line(read) == anchors.line(anchor)
    assert anchors.is_signed(read)
    with pytest.raises(anchors.NotAnAnchor):
        anchors.parsed('{"day": "2026-03-02"}')
