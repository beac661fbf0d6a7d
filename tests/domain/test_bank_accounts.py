"""Bank accounts and cards: kept with little, believed when the provider says so, used with care."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from domain import bank_accounts, fresh_proofs, sealed_files
from domain.bank_accounts import Owner, Said, Use, Verdict
from domain.refusals import NotFound
from models.bank_accounts import BankAccount, BankAccountKind, BankAccountStatus
from models.database import client
from models.jobs import Job
from models.movements import MovementStatus
from models.sealed_files import SealedFile
from models.security_events import EventKind, SecurityEvent
from tests import factories, showing
from tests.domain.bankers import (
    NUMBER,
    added,
    awaiting_an_amount,
    banking,
    card,
    fresh,
    guesses,
    typed,
)
from tests.domain.withdrawers import withdrawer
from tests.moments import NOON

DAY = timedelta(days=1)
RIGHT = Said(Verdict.CONFIRMED, token="acct_1")
WRONG = Said(Verdict.AMOUNT_SENT)

pytestmark = pytest.mark.usefixtures("database", "connected")


@pytest.fixture
def connected() -> Iterator[None]:
    with banking():
        yield


async def everything_kept() -> str:
    """All that any table holds, as text."""
    tables = await client().execute_query_dict(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    rows = [
        await client().execute_query_dict(f"SELECT t::text FROM {each['tablename']} t")
        for each in tables
    ]
    return str(rows)


async def status_of(account: BankAccount) -> tuple[BankAccountStatus, str | None]:
    row = await BankAccount.get(id=account.id)
    return row.status, row.refused_for


async def test_one_is_added_masked_and_its_number_is_nowhere_in_plain() -> None:
    ada = await fresh(await factories.person("ada"))

    account = await added(ada, typed(bank_name="Sparkasse"))

    assert account.status is BankAccountStatus.PENDING
    assert (account.masked, account.bank_name) == ("•••• 3000", "Sparkasse")
    assert account.file_id is not None
    assert await sealed_files.whole(account.file_id) == NUMBER.encode()
    kept = await everything_kept()
    assert NUMBER not in kept
    assert NUMBER.encode().hex() not in kept
    job = await Job.get(kind=bank_accounts.CHECK_JOB)
    assert (job.subject_id, job.payload) == (account.id, {})


async def test_whoever_added_one_hears_of_it_with_what_is_masked() -> None:
    ada = await fresh(await factories.person("ada"))

    account = await added(ada)

    event = await SecurityEvent.get(kind=EventKind.BANK_ACCOUNT_ADDED)
    assert event.person_id == ada.person_id
    assert event.detail["bank_account"] == "•••• 3000"
    assert event.detail["usable_at"] == (NOON + DAY).isoformat()
    assert account.usable_for_withdrawal_from == NOON + DAY


async def test_a_card_is_kept_by_its_token_until_its_last_day() -> None:
    ada = await fresh(await factories.person("ada"))

    account = await added(ada, card())

    assert account.kind is BankAccountKind.CARD
    assert (account.token, account.masked) == ("tok_1", "•••• 4242")
    assert (account.expires_on, account.file_id) == (date(2026, 3, 31), None)


async def test_a_session_that_proved_nothing_lately_adds_none() -> None:
    ada = await fresh(await factories.person("ada"))

    with pytest.raises(fresh_proofs.ProofNeeded):
        await added(ada, now=NOON + timedelta(minutes=11))

    assert not await BankAccount.exists()
    assert not await SealedFile.exists()


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (typed(holder=""), bank_accounts.HolderInvalid),
        (typed(holder="x" * 60_000), bank_accounts.HolderInvalid),
        (typed(bank_name="\u202e"), bank_accounts.BankNameInvalid),
        (typed(country="de"), bank_accounts.NumberInvalid),
        (typed(country="D" * 60_000), bank_accounts.NumberInvalid),
        (typed(number="4111111111111111"), bank_accounts.CardNumberShown),
        (typed(holder="Ada 4111 1111 1111 1111"), bank_accounts.CardNumberShown),
        (card(token="4111111111111111"), bank_accounts.CardNumberShown),
        (card(token="t" * 65), bank_accounts.CardInvalid),
        (card(token="tok 1\n"), bank_accounts.CardInvalid),
        (card(last_digits="42424"), bank_accounts.CardInvalid),
        (card(month=13), bank_accounts.CardInvalid),
        (card(year=10**9), bank_accounts.CardInvalid),
        (card(month=2), bank_accounts.CardExpired),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(
    wish: bank_accounts.Account | bank_accounts.Card, refusal: type[Exception]
) -> None:
    ada = await fresh(await factories.person("ada"))

    with pytest.raises(refusal):
        await added(ada, wish)

    assert not await BankAccount.exists()
    assert not await SealedFile.exists()


async def test_the_same_one_is_added_once_also_at_the_same_moment() -> None:
    ada = await fresh(await factories.person("ada"))

    answers = await asyncio.gather(*(added(ada) for _ in range(4)), return_exceptions=True)

    kinds = sorted(type(each).__name__ for each in answers)
    assert kinds == ["AlreadyAdded", "AlreadyAdded", "AlreadyAdded", "BankAccount"]
    assert await BankAccount.all().count() == 1
    assert await SealedFile.all().count() == 1


async def test_two_people_may_have_the_same_one() -> None:
    ada, bob = [await fresh(await factories.person(name)) for name in ("ada", "bob")]

    mine, theirs = await added(ada), await added(bob)

    assert mine.fingerprint == theirs.fingerprint


async def test_there_are_ten_at_most_refused_ones_among_them() -> None:
    ada = await fresh(await factories.person("ada"))
    for number in range(10):
        account = await added(ada, typed(number=f"1000{number}", country="US"))
    await bank_accounts.learn(account, Said(Verdict.REFUSED, decline_code="account_closed"), NOON)

    with pytest.raises(bank_accounts.TooManyBankAccounts):
        await added(ada)

    assert await BankAccount.all().count() == 10


async def test_whoever_removes_and_adds_all_day_has_to_wait() -> None:
    ada = await fresh(await factories.person("ada"))
    owner = Owner(person_id=ada.person_id)
    for number in range(10):
        account = await added(ada, typed(number=f"1000{number}", country="US"))
        await bank_accounts.remove(account.id, owner=owner, by=ada, now=NOON)

    with pytest.raises(bank_accounts.TooManyBankAccounts):
        await added(ada)


async def test_whose_name_was_proved_adds_only_their_own() -> None:
    person = await factories.person("ada")
    await showing.accepted(person, "Ada Byron")
    ada = await fresh(person)

    with pytest.raises(bank_accounts.HolderDiffers):
        await added(ada, typed(holder="Charles Babbage"))

    assert (await added(ada, typed(holder="BYRON A"))).status is BankAccountStatus.PENDING


async def test_what_the_provider_confirms_is_verified_and_its_number_is_gone() -> None:
    ada = await fresh(await factories.person("ada"))
    account = await added(ada)

    await bank_accounts.learn(account, RIGHT, NOON)

    row = await BankAccount.get(id=account.id)
    assert (row.status, row.token, row.file_id) == (BankAccountStatus.VERIFIED, "acct_1", None)
    assert not await SealedFile.exists()


async def test_whoever_says_the_right_amount_has_verified_theirs() -> None:
    ada = await fresh(await factories.person("ada"))
    account = await awaiting_an_amount(ada)

    verified = await guesses(ada, account, 17, RIGHT)

    assert (verified.status, verified.amount_tried) == (BankAccountStatus.VERIFIED, None)
    assert not await SealedFile.exists()


async def test_three_wrong_amounts_are_all_and_it_can_be_added_again_after_a_day() -> None:
    ada = await fresh(await factories.person("ada"))
    account = await awaiting_an_amount(ada)

    left = [(await guesses(ada, account, amount, WRONG)).tries_left for amount in (1, 2, 3)]

    assert left == [2, 1, 0]
    assert await status_of(account) == (BankAccountStatus.REFUSED, bank_accounts.GUESSED_OUT)
    with pytest.raises(bank_accounts.GuessedTooOften) as refused:
        await added(ada)
    assert refused.value.again_at == NOON + DAY
    await fresh_proofs.note(ada.session_id, fresh_proofs.Factor.PASSWORD, now=NOON + DAY)
    assert (await added(ada, now=NOON + DAY)).tries_left == 3


async def test_removing_and_adding_it_again_brings_no_fresh_tries() -> None:
    ada = await fresh(await factories.person("ada"))
    account = await awaiting_an_amount(ada)
    await guesses(ada, account, 1, WRONG)
    await bank_accounts.remove(account.id, owner=Owner(person_id=ada.person_id), by=ada, now=NOON)

    with pytest.raises(bank_accounts.GuessedTooOften):
        await added(ada)


async def test_one_amount_at_a_time_is_asked_about() -> None:
    ada = await fresh(await factories.person("ada"))
    account = await awaiting_an_amount(ada)
    owner = Owner(person_id=ada.person_id)

    async def says(amount: int) -> BankAccount:
        return await bank_accounts.verify(
            account.id, owner=owner, amount=amount, currency="EUR", now=NOON + timedelta(seconds=1)
        )

    answers = await asyncio.gather(says(17), says(18), says(17), return_exceptions=True)

    tried = (await BankAccount.get(id=account.id)).amount_tried
    refused = [each for each in answers if isinstance(each, bank_accounts.NothingToVerify)]
    assert len(refused) == (1 if tried == 17 else 2)
    assert await Job.filter(kind=bank_accounts.CHECK_JOB).count() == 2


async def test_an_answer_to_an_older_question_changes_nothing() -> None:
    ada = await fresh(await factories.person("ada"))
    before = await awaiting_an_amount(ada)
    await guesses(ada, before, 1, WRONG)
    owner = Owner(person_id=ada.person_id)
    await bank_accounts.verify(before.id, owner=owner, amount=2, currency="EUR", now=NOON)

    await bank_accounts.learn(before, RIGHT, NOON)

    row = await BankAccount.get(id=before.id)
    assert (row.status, row.amount_tried) == (BankAccountStatus.AMOUNT_SENT, 2)


async def test_nothing_is_paid_out_to_one_that_was_added_within_the_day() -> None:
    ada = await factories.person("ada")
    account = await factories.bank_account(ada, usable_for_withdrawal_from=NOON + DAY)

    with pytest.raises(bank_accounts.BankAccountCooling) as refused:
        await bank_accounts.usable(account.id, owner=ada.id, for_=Use.WITHDRAWAL, now=NOON)

    assert refused.value.until == NOON + DAY
    await bank_accounts.usable(account.id, owner=ada.id, for_=Use.TOP_UP, now=NOON)
    await bank_accounts.usable(account.id, owner=ada.id, for_=Use.WITHDRAWAL, now=NOON + DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": BankAccountStatus.PENDING},
        {"status": BankAccountStatus.AMOUNT_SENT},
        {"status": BankAccountStatus.REFUSED, "ended_at": NOON},
        {"status": BankAccountStatus.REMOVED, "ended_at": NOON},
        {"kind": BankAccountKind.CARD, "expires_on": date(2026, 3, 1)},
    ],
)
async def test_what_is_not_verified_or_not_good_any_more_is_used_for_nothing(
    changes: dict[str, object],
) -> None:
    ada = await factories.person("ada")
    account = await factories.bank_account(ada, **changes)

    for use in Use:
        with pytest.raises(bank_accounts.BankAccountUnusable):
            await bank_accounts.usable(account.id, owner=ada.id, for_=use, now=NOON)


async def test_nobody_uses_verifies_or_removes_somebody_elses() -> None:
    ada, bob = await factories.person("ada"), await fresh(await factories.person("bob"))
    account = await factories.bank_account(ada)
    owner = Owner(person_id=bob.person_id)

    with pytest.raises(NotFound):
        await bank_accounts.usable(account.id, owner=owner.id, for_=Use.TOP_UP, now=NOON)
    with pytest.raises(NotFound):
        await bank_accounts.verify(account.id, owner=owner, amount=1, currency="CNY", now=NOON)
    with pytest.raises(NotFound):
        await bank_accounts.remove(account.id, owner=owner, by=bob, now=NOON)

    assert await status_of(account) == (BankAccountStatus.VERIFIED, None)


async def test_one_with_a_withdrawal_under_way_stays_until_that_has_ended() -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws(300)
    by, owner = await fresh(ada.person), Owner(person_id=ada.person.id)

    with pytest.raises(bank_accounts.InUse):
        await bank_accounts.remove(ada.account.id, owner=owner, by=by, now=NOON)

    assert await status_of(ada.account) == (BankAccountStatus.VERIFIED, None)
    assert (await ada.cancels(withdrawal)).status is MovementStatus.CANCELLED
    gone = await bank_accounts.remove(ada.account.id, owner=owner, by=by, now=NOON)
    assert gone.status is BankAccountStatus.REMOVED


async def test_a_withdrawal_and_a_removal_at_once_leave_no_withdrawal_to_what_is_gone() -> None:
    ada = await withdrawer()
    prepared = await ada.prepares(300)
    by, owner = await fresh(ada.person), Owner(person_id=ada.person.id)

    withdrawal, removal = await asyncio.gather(
        ada.confirms(prepared),
        bank_accounts.remove(ada.account.id, owner=owner, by=by, now=NOON),
        return_exceptions=True,
    )

    is_gone = (await status_of(ada.account))[0] is BankAccountStatus.REMOVED
    assert isinstance(withdrawal, bank_accounts.BankAccountUnusable) is is_gone
    assert isinstance(removal, bank_accounts.InUse) is not is_gone
    assert await ada.has() == ((1000, 0) if is_gone else (700, 300))


async def test_one_that_was_removed_tells_its_owner_and_can_be_added_again() -> None:
    ada = await fresh(await factories.person("ada"))
    account, owner = await added(ada), Owner(person_id=ada.person_id)

    await bank_accounts.remove(account.id, owner=owner, by=ada, now=NOON)
    await bank_accounts.remove(account.id, owner=owner, by=ada, now=NOON)

    assert await SecurityEvent.filter(kind=EventKind.BANK_ACCOUNT_REMOVED).count() == 1
    assert not await SealedFile.exists()
    assert (await added(ada)).id != account.id


async def test_what_a_manager_does_with_a_merchants_is_told_to_its_owner() -> None:
    ada, bob = await factories.person("ada"), await fresh(await factories.person("bob"))
    tea = await factories.merchant(ada)

    account = await bank_accounts.add(
        typed(holder="Tea House Ltd"), owner=Owner(merchant_id=tea.id), by=bob, now=NOON
    )

    assert (account.person_id, account.merchant_id) == (None, tea.id)
    event = await SecurityEvent.get(kind=EventKind.BANK_ACCOUNT_ADDED)
    assert (event.person_id, event.session_id) == (ada.id, None)
