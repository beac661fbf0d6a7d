"""A passkey's signature proves what it was asked for, once, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from domain import fresh_proofs, passkeys
from domain.decisions import decision
from domain.fresh_proofs import Factor, ProofNeeded
from domain.passkeys import NoPasskeys, PasskeyRefused, RelyingParty, payment_challenge
from models.factors import FactorLoss, LossEnd
from models.ids import new_id
from models.passkeys import Passkey
from models.people import Person
from models.sessions import SessionProof
from tests import factories
from tests.authenticators import Authenticator, padless, unpadded
from tests.domain.keyholders import ELSEWHERE, MINUTE, identity, owner, quoted, to_pay
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

Wrong = Callable[[Authenticator, str], str]


async def test_a_payment_is_proved_by_a_signature_over_it() -> None:
    ada, device = await owner()
    challenge = quoted(ada)

    answer = device.sign(await to_pay(ada, challenge))
    await passkeys.prove_payment(ada.person_id, challenge, answer, NOON + MINUTE)

    [passkey] = await Passkey.all()
    assert (passkey.sign_count, passkey.used_at) == (1, NOON + MINUTE)


async def test_what_is_signed_is_this_quote_and_no_other() -> None:
    ada = await identity(await factories.person("ada"))
    challenge = quoted(ada)
    same = quoted(ada, id=challenge.id)
    others = [quoted(ada), quoted(ada, id=challenge.id, digest=b"e" * 32)]

    assert len(payment_challenge(challenge)) == 32
    assert payment_challenge(same) == payment_challenge(challenge)
    assert len({payment_challenge(each) for each in (challenge, *others)}) == 3


async def test_whoever_has_no_passkey_is_not_asked_for_one() -> None:
    ada = await identity(await factories.person("ada"))

    assert await passkeys.payment_options(ada.person_id, quoted(ada)) is None


async def test_only_the_payers_own_passkeys_are_asked_for() -> None:
    ada, device = await owner("ada")
    await owner("bob")

    options = json.loads(await to_pay(ada, quoted(ada)))

    assert [each["id"] for each in options["allowCredentials"]] == [padless(device.credential_id)]
    assert (options["rpId"], options["userVerification"]) == ("upay.test", "required")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda device, asked: device.sign(asked, origin=ELSEWHERE),
        lambda device, asked: device.sign(asked, origin="https://upay.test:444"),
        lambda device, asked: device.sign(asked, origin="https://upay.test.evil.example"),
        lambda device, asked: device.sign(asked, challenge=padless(b"c" * 32)),
        lambda device, asked: device.sign(asked, type="webauthn.create"),
        lambda device, asked: device.sign(asked, crossOrigin=True),
        lambda device, asked: device.twin(rp_id="upay.example").sign(asked),
        lambda device, asked: device.twin(verifies=False).sign(asked),
        lambda device, asked: device.twin(key=ec.generate_private_key(ec.SECP256R1())).sign(asked),
        lambda device, asked: device.twin(credential_id=b"nobody's").sign(asked),
        lambda device, asked: device.twin(user_handle=b"somebody else").sign(asked),
    ],
)
async def test_a_signature_over_anything_else_proves_no_payment(wrong: Wrong) -> None:
    ada, device = await owner()
    challenge = quoted(ada)
    options = await to_pay(ada, challenge)
    before = await Passkey.all().values()

    with pytest.raises(PasskeyRefused):
        await passkeys.prove_payment(ada.person_id, challenge, wrong(device, options), NOON)

    assert await Passkey.all().values() == before
    await passkeys.prove_payment(ada.person_id, challenge, device.sign(options), NOON)


async def test_a_signature_for_one_quote_is_worth_nothing_for_another() -> None:
    ada, device = await owner()
    challenge, dearer = quoted(ada), quoted(ada, digest=b"e" * 32)
    answer = device.sign(await to_pay(ada, challenge))

    with pytest.raises(PasskeyRefused):
        await passkeys.prove_payment(ada.person_id, dearer, answer, NOON)


async def test_anothers_passkey_proves_nothing() -> None:
    ada, _ = await owner("ada")
    _, eves = await owner("eve")
    challenge = quoted(ada)

    with pytest.raises(PasskeyRefused):
        await passkeys.prove_payment(
            ada.person_id, challenge, eves.sign(await to_pay(ada, challenge)), NOON
        )


async def test_a_signature_in_which_one_bit_was_changed_proves_nothing() -> None:
    ada, device = await owner()
    challenge = quoted(ada)
    shown = json.loads(device.sign(await to_pay(ada, challenge)))
    signature = bytearray(unpadded(shown["response"]["signature"]))
    signature[-1] ^= 1

    shown["response"]["signature"] = padless(bytes(signature))

    with pytest.raises(PasskeyRefused):
        await passkeys.prove_payment(ada.person_id, challenge, json.dumps(shown), NOON)


async def test_a_counter_that_does_not_go_on_betrays_a_copied_key() -> None:
    ada, device = await owner(count=5)
    copy = device.twin()
    first, second = quoted(ada), quoted(ada)
    await passkeys.prove_payment(ada.person_id, first, device.sign(await to_pay(ada, first)), NOON)

    with pytest.raises(PasskeyRefused):
        await passkeys.prove_payment(
            ada.person_id, second, copy.sign(await to_pay(ada, second)), NOON
        )

    assert (await Passkey.get()).sign_count == 6


async def test_a_device_that_never_counts_may_be_used_again() -> None:
    ada, device = await owner(counts=False)

    for _ in range(3):
        challenge = quoted(ada)
        await passkeys.prove_payment(
            ada.person_id, challenge, device.sign(await to_pay(ada, challenge)), NOON
        )

    assert (await Passkey.get()).sign_count == 0


async def test_one_answer_of_a_device_that_counts_is_believed_once() -> None:
    ada, device = await owner()
    challenge = quoted(ada)
    answer = device.sign(await to_pay(ada, challenge))

    results = await asyncio.gather(
        *(passkeys.prove_payment(ada.person_id, challenge, answer, NOON) for _ in range(5)),
        return_exceptions=True,
    )

    assert [each for each in results if not isinstance(each, PasskeyRefused)] == [None]


async def test_a_passkey_is_two_kinds_of_proof_for_ten_minutes() -> None:
    ada, device = await owner()
    later = NOON + fresh_proofs.FRESH_FOR

    answer = device.sign(await passkeys.start_proof(by=ada, now=later))
    await passkeys.prove(by=ada, credential=answer, now=later)

    await fresh_proofs.require(ada, later, count=2)
    with pytest.raises(ProofNeeded):
        await fresh_proofs.require(ada, later + fresh_proofs.FRESH_FOR, count=1)


async def test_one_answer_proves_once_in_one_session() -> None:
    ada, device = await owner(counts=False)
    other = await identity(await Person.get(id=ada.person_id))
    answer = device.sign(await passkeys.start_proof(by=ada, now=NOON))

    with pytest.raises(PasskeyRefused):
        await passkeys.prove(by=other, credential=answer, now=NOON)
    results = await asyncio.gather(
        *(passkeys.prove(by=ada, credential=answer, now=NOON) for _ in range(5)),
        return_exceptions=True,
    )

    until = NOON + fresh_proofs.FRESH_FOR
    assert [each for each in results if not isinstance(each, PasskeyRefused)] == [until]
    assert await SessionProof.filter(factor=Factor.PASSKEY).count() == 1


async def test_whoever_has_no_passkey_proves_nothing_with_one() -> None:
    ada = await identity(await factories.person("ada"))

    with pytest.raises(NoPasskeys):
        await passkeys.start_proof(by=ada, now=NOON)
    with pytest.raises(PasskeyRefused):
        await passkeys.prove(by=ada, credential="{}", now=NOON)


def test_a_relying_party_is_the_host_people_reach_it_at() -> None:
    own = RelyingParty.at("https://pay.example:8443/wallet")
    above = RelyingParty.at(
        "https://api.pay.example",
        domain="pay.example",
        allowed_origins=("https://app.pay.example", "https://api.pay.example"),
    )

    assert (own.id, own.origins) == ("pay.example", ("https://pay.example:8443",))
    assert (above.id, above.origins) == (
        "pay.example",
        ("https://api.pay.example", "https://app.pay.example"),
    )


async def test_a_front_end_elsewhere_counts_when_the_operator_named_it() -> None:
    passkeys.install(
        RelyingParty.at("https://upay.test", allowed_origins=("https://app.upay.test",))
    )
    ada, device = await owner(origin="https://app.upay.test")
    challenge = quoted(ada)

    await passkeys.prove_payment(
        ada.person_id, challenge, device.sign(await to_pay(ada, challenge)), NOON
    )


async def test_why_it_was_refused_is_in_the_log_and_nowhere_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", logger="domain.passkeys")
    ada, device = await owner()
    challenge = quoted(ada)
    options = await to_pay(ada, challenge)

    said = set[str]()
    for answer in (device.sign(options, origin="https://x\n"), "{", "{" * 9_000):
        with pytest.raises(PasskeyRefused) as refused:
            await passkeys.prove_payment(ada.person_id, challenge, answer, NOON)
        said.add(str(refused.value))

    assert len(said) == 1
    messages = [each.getMessage() for each in caplog.records if "refused" in each.getMessage()]
    assert ["origin" in messages[0], "JSON" in messages[1], "too long" in messages[2]] == [True] * 3
    assert not any("\n" in each or len(each) > 200 for each in messages)


async def test_inside_a_decision_that_fails_nothing_was_used() -> None:
    ada, device = await owner()
    challenge = quoted(ada)
    answer = device.sign(await to_pay(ada, challenge))

    async def half_done() -> None:
        async with decision():
            await passkeys.prove_payment(ada.person_id, challenge, answer, NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half_done()

    await passkeys.prove_payment(ada.person_id, challenge, answer, NOON)


async def test_whoever_uses_a_passkey_has_not_lost_it() -> None:
    ada, device = await owner()
    await FactorLoss.create(
        id=new_id(), person_id=ada.person_id, begun_at=NOON, reported_at=NOON, decidable_at=NOON
    )
    challenge = quoted(ada)

    await passkeys.prove_payment(
        ada.person_id, challenge, device.sign(await to_pay(ada, challenge)), NOON
    )

    assert (await FactorLoss.get()).end_kind is LossEnd.WITHDRAWN
