"""How the codes of signing in and of staying in come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import contacts, guards, second_factors, sessions
from models.ids import new_id
from models.people import ContactKind
from models.sessions import Audience, Limit
from tests import factories
from tests.api.clients import Asker, Listener, served
from tests.api.scenarios.stage import Act, Said, Scenarios, Stage, broken, error, problem
from tests.domain import registers
from tests.domain.registers import PASSWORD

CALLER: Final = "127.0.0.1"
ME: Final = "{ me { id } }"
WALLET: Final = """subscription ($id: ID!) { walletEvents(walletId: $id, after: 9) {
    __typename } }"""


async def sign_in_refused(stage: Stage) -> Act:
    await registers.resident("ada")
    words = {"name": "ada", "password": "wrong horse 7 battery"}
    return partial(problem, stage.stranger, "signIn", words)


async def sign_in_locked(stage: Stage) -> Act:
    await registers.resident("ada")
    asker, wrong = stage.stranger, {"name": "ada", "password": "wrong horse 7 battery"}
    for _ in range(10):
        await problem(asker, "signIn", wrong)
    return partial(problem, asker, "signIn", {"name": "ada", "password": PASSWORD})


async def second_factor_required(stage: Stage) -> Act:
    ada = await registers.resident("ada")
    await second_factors.enrol(ada.id, stage.clock())
    return partial(problem, stage.stranger, "signIn", {"name": "ada", "password": PASSWORD})


async def sign_in_throttled(stage: Stage) -> Act:
    for _ in range(guards.ADDRESS_MAX_WRONG_TRIES):
        await guards.take_try_from(CALLER, stage.clock())
    return partial(problem, stage.stranger, "signIn", {"name": "ada", "password": PASSWORD})


async def proof_needed(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    stage.clock.advance(minutes=10)
    words = {"deviceId": f"dev_{new_id().hex}"}
    return partial(problem, ada.asker, "forgetDevice", words)


async def proof_refused(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    words = {"proof": {"password": "wrong horse 7 battery"}}
    return partial(problem, ada.asker, "proveIdentity", words)


async def contact_not_usable(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    contact = await contacts.add(ada.person.id, ContactKind.EMAIL, "ada@example.org", stage.clock())
    words = {"contactId": f"con_{contact.id.hex}"}
    return partial(problem, ada.asker, "sendProofCode", words)


async def device_name_invalid(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    words = {"deviceId": f"dev_{new_id().hex}", "name": ""}
    return partial(problem, ada.asker, "nameDevice", words)


async def session_ended(stage: Stage) -> Act:
    return partial(problem, stage.stranger, "refreshSession", {"refreshToken": "upr_x"})


async def session_ended_while_listening(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    address = await stage.curtain.enter_async_context(served(stage.app))
    ear = await stage.curtain.enter_async_context(
        Listener.open(address, ada.tokens.access, WALLET, id=ada.wallet_id)
    )
    assert (await ear.event())["__typename"] == "StreamReset"

    async def act() -> Said:
        await ada.asker.data("mutation { signOut { endedAt } }")
        return error((await ear.message())["payload"])

    return act


async def unauthenticated(stage: Stage) -> Act:
    return partial(broken, stage.stranger, ME)


async def password_change_required(stage: Stage) -> Act:
    ada = await factories.person("ada")
    opened = await sessions.open_session(
        ada,
        audience=Audience.PUBLIC,
        client="",
        now=stage.clock(),
        limited_to=Limit.CHANGE_PASSWORD,
    )
    return partial(broken, Asker(stage.app, token=opened.tokens.access), ME)


PROBLEMS: Final[Scenarios] = {
    "SIGN_IN_REFUSED": sign_in_refused,
    "SIGN_IN_LOCKED": sign_in_locked,
    "SIGN_IN_THROTTLED": sign_in_throttled,
    "SECOND_FACTOR_REQUIRED": second_factor_required,
    "SESSION_ENDED": session_ended,
    "PROOF_NEEDED": proof_needed,
    "PROOF_REFUSED": proof_refused,
    "CONTACT_NOT_USABLE": contact_not_usable,
    "DEVICE_NAME_INVALID": device_name_invalid,
}
TOP_LEVEL: Final[Scenarios] = {
    "SESSION_ENDED": session_ended_while_listening,
    "UNAUTHENTICATED": unauthenticated,
    "PASSWORD_CHANGE_REQUIRED": password_change_required,
}
