"""Keys of merchants' programs: made once, kept as a digest, and over when they are revoked."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from domain import merchants
from domain.fresh_proofs import ProofNeeded
from domain.merchants import Scope, api_keys
from domain.merchants.api_keys import ApiKeyNameInvalid, ApiKeyScopesInvalid, TooManyApiKeys
from domain.refusals import NotFound
from domain.sessions import Identity
from models.audit import AuditRecord
from models.database import client
from models.merchants import ApiKey, MemberRole, Merchant, MerchantStatus
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.domain import registers
from tests.domain.merchandise import told
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def shop() -> tuple[Merchant, Identity]:
    """A merchant, and its owner who has just signed in."""
    ada = await factories.person("ada")
    return await factories.merchant(ada), await registers.identity_of(ada)


async def made(by: Identity, merchant: Merchant, **changes: object) -> tuple[ApiKey, str]:
    words = {"name": "Till", "scopes": {Scope.READ}, "livemode": False, "now": NOON, **changes}
    return await api_keys.create(by=by, merchant_id=merchant.id, **words)  # type: ignore[arg-type]


async def test_a_key_is_shown_once_and_kept_as_a_digest() -> None:
    tea, by = await shop()

    row, token = await made(by, tea, scopes={Scope.REFUNDS, Scope.READ})

    assert token.startswith("upk_test_")
    assert len(token.removeprefix("upk_test_")) == 43
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert (row.hint, row.scopes) == (token[-4:], ["read", "refunds"])
    kept = await client().execute_query_dict("SELECT api_keys::text AS row FROM api_keys")
    events = [str(event.detail) for event in await SecurityEvent.all()]
    assert not [text for text in (kept[0]["row"], *events) if token[9:-4] in text]


async def test_a_live_server_makes_live_keys() -> None:
    tea, by = await shop()

    _, token = await made(by, tea, livemode=True)

    assert token.startswith("upk_live_")


async def test_a_key_opens_what_it_was_made_for_and_no_other_merchant() -> None:
    tea, by = await shop()
    books = await factories.merchant(await factories.person("bob"), "Book Shop")
    row, token = await made(by, tea, scopes={Scope.REFUNDS})

    holder = await merchants.holder(token, NOON)
    assert holder is not None
    actor = await merchants.acting(Scope.REFUNDS, holder=holder, identity=None, merchant_id=None)

    assert (actor.merchant_id, actor.person_id, actor.api_key_id) == (tea.id, None, row.id)
    with pytest.raises(merchants.ScopeMissing):
        await merchants.acting(Scope.READ, holder=holder, identity=None, merchant_id=tea.id)
    with pytest.raises(NotFound):
        await merchants.acting(Scope.REFUNDS, holder=holder, identity=None, merchant_id=books.id)


async def test_the_owner_is_told_of_a_key_that_a_manager_made() -> None:
    tea, ada = await shop()
    bob = await factories.person("bob")
    await factories.member(tea, bob, MemberRole.MANAGER)

    await made(await registers.identity_of(bob), tea)

    [event] = await SecurityEvent.filter(person_id=ada.person_id)
    assert (event.kind, event.session_id) == (EventKind.MERCHANT_KEY_MADE, None)
    assert event.detail == {"merchant": "Tea House"}
    assert await told(bob) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, ApiKeyNameInvalid),
        ({"name": "x" * 60_000}, ApiKeyNameInvalid),
        ({"scopes": set()}, ApiKeyScopesInvalid),
        ({"scopes": {Scope.READ, Scope.MANAGE}}, ApiKeyScopesInvalid),
        ({"now": NOON + timedelta(minutes=11)}, ProofNeeded),
    ],
)
async def test_a_key_that_cannot_be_is_refused_and_is_not_there(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    tea, by = await shop()

    with pytest.raises(refusal):
        await made(by, tea, **changes)

    assert await ApiKey.all().count() == await SecurityEvent.all().count() == 0


@pytest.mark.parametrize("role", [MemberRole.CASHIER, MemberRole.VIEWER, None])
async def test_whoever_does_not_manage_a_merchant_makes_no_key_and_revokes_none(
    role: MemberRole | None,
) -> None:
    tea, _ = await shop()
    bob = await factories.person("bob")
    if role is not None:
        await factories.member(tea, bob, role)
    by, token = await registers.identity_of(bob), await factories.key(tea)
    key = await ApiKey.get(merchant_id=tea.id)

    with pytest.raises(NotFound):
        await made(by, tea)
    with pytest.raises(NotFound):
        await api_keys.revoke(by=by, key_id=key.id, now=NOON)

    assert await ApiKey.all().count() == 1
    assert await merchants.holder(token, NOON) is not None


async def test_of_two_keys_made_at_once_only_as_many_as_can_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api_keys, "KEYS_MAX", 1)
    tea, by = await shop()

    answers = await asyncio.gather(made(by, tea), made(by, tea), return_exceptions=True)

    assert sum(isinstance(answer, TooManyApiKeys) for answer in answers) == 1
    [key] = await ApiKey.all()
    await api_keys.revoke(by=by, key_id=key.id, now=NOON)
    await made(by, tea)


async def test_a_merchant_that_is_not_accepted_has_no_keys() -> None:
    tea, by = await shop()
    await Merchant.filter(id=tea.id).update(status=MerchantStatus.REJECTED)

    with pytest.raises(merchants.MerchantNotAccepted):
        await made(by, tea)

    assert await ApiKey.all().count() == 0


async def test_a_revoked_key_opens_nothing_and_stays_in_the_list() -> None:
    tea, by = await shop()
    row, token = await made(by, tea)
    other, _ = await made(by, tea)

    revoked = await api_keys.revoke(by=by, key_id=row.id, now=NOON)
    await api_keys.revoke(by=by, key_id=row.id, now=NOON + timedelta(hours=1))

    assert await merchants.holder(token, NOON) is None
    assert revoked.revoked_at == (await ApiKey.get(id=row.id)).revoked_at == NOON
    assert [key.id for key in await api_keys.of(tea.id)] == [other.id, row.id]
    assert await api_keys.live([row.id, other.id]) == {other.id}
    assert await AuditRecord.filter(action="revoke_api_key").count() == 1


async def test_when_a_key_was_used_is_known_to_the_hour() -> None:
    tea, by = await shop()
    row, token = await made(by, tea)
    moments = [NOON, NOON + timedelta(minutes=59), NOON + timedelta(minutes=61)]

    seen = []
    for moment in moments:
        await merchants.holder(token, moment)
        seen.append((await ApiKey.get(id=row.id)).last_used_at)

    assert seen == [moments[0], moments[0], moments[2]]


@pytest.mark.parametrize(
    "status", [MerchantStatus.REJECTED, MerchantStatus.ACCEPTING, MerchantStatus.PAUSED]
)
async def test_a_key_opens_something_while_its_merchant_is_open(status: MerchantStatus) -> None:
    tea, _ = await shop()
    token = await factories.key(tea)
    await Merchant.filter(id=tea.id).update(status=status)

    holder = await merchants.holder(token, NOON)

    assert (holder is not None) == (status is not MerchantStatus.REJECTED)


@pytest.mark.parametrize("token", ["", "upk_test_", "upk_test_" + "x" * 60_000, "\ud800", "\x00"])
async def test_what_is_no_key_opens_nothing(token: str) -> None:
    await shop()

    assert await merchants.holder(token, NOON) is None
