"""Passkeys as front ends meet them: made, listed, used to sign in and to prove who it is."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

import pytest
from starlette.applications import Starlette

from domain import fresh_proofs, passwords
from domain.fresh_proofs import Factor
from models.passkeys import Passkey
from models.people import Role
from models.sessions import Audience, Session
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.authenticators import Authenticator, padless
from tests.moments import Clock

PROBLEM: Final = "... on Problem { code field message nextStep }"
START: Final = f"mutation {{ startPasskey {{ ... on PasskeyAsked {{ options }} {PROBLEM} }} }}"
FINISH: Final = f"""mutation ($input: FinishPasskeyInput!) {{ finishPasskey(input: $input) {{
    ... on PasskeyAdded {{ passkey {{ id name isSynced usedAt }} }} {PROBLEM} }} }}"""
NAME: Final = f"""mutation ($input: NamePasskeyInput!) {{ namePasskey(input: $input) {{
    ... on PasskeyNamed {{ passkey {{ id name }} }} {PROBLEM} }} }}"""
REMOVE: Final = f"""mutation ($input: RemovePasskeyInput!) {{ removePasskey(input: $input) {{
    ... on PasskeyRemoved {{ passkey {{ id }} }} {PROBLEM} }} }}"""
START_PROOF: Final = f"""mutation {{ startPasskeyProof {{
    ... on PasskeyAsked {{ options }} {PROBLEM} }} }}"""
PROVE: Final = f"""mutation ($passkey: String!) {{
    proveIdentity(input: {{ proof: {{ passkey: $passkey }} }}) {{
    ... on IdentityProved {{ until }} {PROBLEM} }} }}"""
START_SIGN_IN: Final = "mutation { startPasskeySignIn { options } }"
SIGN_IN: Final = f"""mutation ($input: SignInWithPasskeyInput!) {{
    signInWithPasskey(input: $input) {{
    ... on SignedIn {{ person {{ accountName }} tokens {{ accessToken }} deviceToken }}
    {PROBLEM} }} }}"""
MINE: Final = "{ me { passkeys { id name usedAt } } }"


async def added(asker: Asker, device: Authenticator, name: str = "Phone") -> Any:
    """The answer to adding a passkey."""
    options = (await asker.data(START))["options"]
    return await asker.data(FINISH, input={"name": name, "credential": device.register(options)})


async def signed_in(
    app: Starlette, signer: Authenticator, path: str = "/graphql", **words: Any
) -> Any:
    """The answer to signing in with a device."""
    stranger = Asker(app, path=path)
    options = (await stranger.data(START_SIGN_IN))["options"]
    return await stranger.data(SIGN_IN, input={"credential": signer.sign(options), **words})


async def test_a_passkey_is_made_listed_renamed_and_taken_away(resident: Moving) -> None:
    ada = await resident("ada")
    device = Authenticator()

    passkey = (await added(ada.asker, device))["passkey"]
    assert passkey == {"id": passkey["id"], "name": "Phone", "isSynced": False, "usedAt": None}
    words = {"passkeyId": passkey["id"], "name": "Old phone"}
    assert (await ada.asker.data(NAME, input=words))["passkey"]["name"] == "Old phone"
    listed = (await ada.asker.data(MINE))["passkeys"]
    assert listed == [{"id": passkey["id"], "name": "Old phone", "usedAt": None}]

    needed = await ada.asker.data(REMOVE, input={"passkeyId": passkey["id"]})
    assert needed["code"] == "PROOF_NEEDED"
    options = (await ada.asker.data(START_PROOF))["options"]
    proved = await ada.asker.data(PROVE, passkey=device.sign(options))
    assert proved == {"until": "2026-03-02T12:10:00+00:00"}
    removed = await ada.asker.data(REMOVE, input={"passkeyId": passkey["id"]})

    assert removed == {"passkey": {"id": passkey["id"]}}
    assert (await ada.asker.data(MINE))["passkeys"] == []


async def test_a_passkey_opens_a_session_while_the_password_is_locked(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    device = Authenticator()
    await added(ada.asker, device)
    for _ in range(20):
        await password(app, "ada")
    assert (await password(app, "ada"))["code"] == "SIGN_IN_LOCKED"

    answer = await signed_in(app, device)

    assert answer["person"] == {"accountName": "ada"}
    token = answer["tokens"]["accessToken"]
    mine = await Asker(app, token=token).data(MINE)
    assert mine["passkeys"][0]["usedAt"] == clock().isoformat()


async def test_the_desk_lets_agents_in_by_their_passkeys_and_no_customer(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    lin = await factories.person("lin", role=Role.AGENT)
    opened = await factories.session(lin, Audience.DESK, clock())
    desk = Asker(app, path="/desk/graphql", token=opened.tokens.access)
    ada = await resident("ada")
    lins, adas = Authenticator(), Authenticator()
    await added(desk, lins)
    await added(ada.asker, adas)

    assert (await signed_in(app, lins, "/desk/graphql"))["person"] == {"accountName": "lin"}
    for device, path in ((adas, "/desk/graphql"), (lins, "/graphql")):
        assert (await signed_in(app, device, path))["code"] == "PASSKEY_REFUSED"


async def test_a_device_that_comes_back_is_known(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada")
    device = Authenticator()
    await added(ada.asker, device)

    first = await signed_in(app, device, device={"name": "Firefox"})
    token = first["deviceToken"]
    again = await signed_in(app, device, device={"token": token})

    assert token
    assert again["deviceToken"] == token


async def test_whatever_is_wrong_with_a_passkey_is_answered_alike(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    device, strange = Authenticator(), Authenticator(user_handle=b"nobody")
    await added(ada.asker, device)
    options = (await Asker(app).data(START_SIGN_IN))["options"]
    before = await Session.all().count(), await Passkey.all().values()

    answers = [
        device.sign(options, origin="https://upay.example"),
        device.sign(options, challenge=padless(b"c" * 56)),
        device.twin(rp_id="upay.example").sign(options),
        device.twin(verifies=False).sign(options),
        strange.sign(options),
        "",
        "{}",
        "[" * 8_192,
        "x" * 61_440,
        json.dumps({"id": "x" * 8_000}),
    ]
    stranger = Asker(app)
    said = [await stranger.data(SIGN_IN, input={"credential": answer}) for answer in answers]
    clock.advance(minutes=5)
    said.append(await stranger.data(SIGN_IN, input={"credential": device.sign(options)}))

    assert {each["code"] for each in said} == {"PASSKEY_REFUSED"}
    assert all(each == said[0] for each in said)
    assert said[0]["field"] == ["credential"]
    assert (await Session.all().count(), await Passkey.all().values()) == before


@pytest.mark.parametrize("credential", ["", "{}", "null", "x" * 61_440, "[" * 8_192, "\x00"])
async def test_garbage_makes_no_passkey_and_proves_nothing(
    resident: Moving, credential: str
) -> None:
    ada = await resident("ada")
    await ada.asker.data(START)

    made = await ada.asker.data(FINISH, input={"name": "x", "credential": credential})
    proved = await ada.asker.data(PROVE, passkey=credential)

    assert (made["code"], made["field"]) == ("PASSKEY_REFUSED", ["credential"])
    assert (proved["code"], proved["field"]) == ("PASSKEY_REFUSED", ["proof", "passkey"])
    assert await Passkey.all().count() == 0


async def test_a_name_of_sixty_kibibytes_is_refused(resident: Moving) -> None:
    ada = await resident("ada")

    answer = await ada.asker.data(FINISH, input={"name": "x" * 61_440, "credential": "{}"})

    assert (answer["code"], answer["field"]) == ("PASSKEY_NAME_INVALID", ["name"])


async def test_a_second_passkey_takes_a_second_factor_and_a_letters_code_is_none(
    resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    device = Authenticator()
    await added(ada.asker, device)
    await proved_by(ada, Factor.CONTACT_CODE, clock)

    assert (await ada.asker.data(START))["code"] == "PROOF_NEEDED"
    options = (await ada.asker.data(START_PROOF))["options"]
    await ada.asker.data(PROVE, passkey=device.sign(options))
    answer = await added(ada.asker, Authenticator(), "Key ring")

    assert answer["passkey"]["name"] == "Key ring"


async def test_a_password_alone_signs_nobody_in_who_has_a_passkey(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada", password_hash=await hashed())
    await added(ada.asker, Authenticator())

    answer = await password(app, "ada", PASSWORD)

    assert answer["code"] == "SECOND_FACTOR_REQUIRED"


async def test_anothers_passkey_looks_like_one_that_is_not_there(
    app: Starlette, resident: Moving
) -> None:
    ada, eve = await resident("ada"), await resident("eve")
    passkey = (await added(ada.asker, Authenticator()))["passkey"]

    for document, more in ((NAME, {"name": "mine"}), (REMOVE, {})):
        for id in (passkey["id"], f"pky_{UUID(int=7).hex}", "pky_x", ada.wallet_id):
            assert await eve.asker.code(document, input={"passkeyId": id, **more}) == "NOT_FOUND"

    assert [each["name"] for each in (await ada.asker.data(MINE))["passkeys"]] == ["Phone"]


async def proved_by(resident: Resident, factor: Factor, clock: Clock) -> None:
    await fresh_proofs.note(UUID(resident.session_id), factor, now=clock())


PASSWORD: Final = "harbour-lantern-42"


async def hashed() -> str:
    return await passwords.hashed(PASSWORD)


async def password(app: Starlette, name: str, said: str = "wrong") -> Any:
    """The answer to signing in with a password."""
    return await Asker(app).data(
        f"""mutation ($input: SignInInput!) {{ signIn(input: $input) {{
            ... on SignedIn {{ person {{ accountName }} }} {PROBLEM} }} }}""",
        input={"name": name, "password": said},
    )
