"""How the codes of merchants, of their people and keys, and of cases come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from domain.merchants import Scope, api_keys, members
from models.cases import Case, CaseKind
from models.ids import new_id
from models.merchants import Merchant, MerchantStatus
from models.wallets import Account
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Resident
from tests.api.scenarios.closings import proved, without_input
from tests.api.scenarios.stage import WHY, Act, Said, Scenario, Scenarios, Stage, broken, problem

TEA: Final = {"name": "Tea House", "category": "5812", "country": "CN", "city": "Hangzhou"}
MINE: Final = "{ merchant { id } }"


def applying(**words: str) -> Scenario:
    """Ada says something of her business that cannot be."""

    async def scenario(stage: Stage) -> Act:
        ada = await stage.resident("ada")
        return partial(problem, ada.asker, "applyAsMerchant", {**TEA, **words})

    return scenario


async def merchant_application_open(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await ada.asker.data(
        "mutation ($input: ApplyAsMerchantInput!) { applyAsMerchant(input: $input) "
        "{ __typename } }",
        input=TEA,
    )
    return partial(problem, ada.asker, "applyAsMerchant", TEA)


async def merchant_decided(stage: Stage) -> Act:
    _, tea = await _shop(stage)
    words = {"merchantId": _id(tea), "decision": "ACCEPT", "reason": WHY}
    return partial(problem, await stage.agent(), "decideMerchant", words)


async def merchant_not_accepted(stage: Stage) -> Act:
    ada, tea = await _shop(stage, status=MerchantStatus.REJECTED)
    return partial(problem, ada.asker, "pauseMerchant", {"merchantId": _id(tea)})


async def merchant_suspended(stage: Stage) -> Act:
    ada, tea = await _shop(stage)
    await _suspended(await stage.agent(), tea)
    return partial(problem, ada.asker, "resumeMerchant", {"merchantId": _id(tea)})


async def merchant_not_suspended(stage: Stage) -> Act:
    _, tea = await _shop(stage)
    words = {"merchantId": _id(tea), "reason": WHY}
    return partial(problem, await stage.agent(), "reinstateMerchant", words)


async def merchant_not_empty(stage: Stage) -> Act:
    ada, tea = await _shop(stage)
    await proved(stage, ada)
    await factories.fund(await Account.get(merchant_id=tea.id), ada.person, 250)
    return partial(problem, ada.asker, "closeMerchant", {"merchantId": _id(tea)})


async def merchant_in_use(stage: Stage) -> Act:
    ada, tea = await _shop(stage)
    await proved(stage, ada)
    await factories.order(tea)
    return partial(problem, ada.asker, "closeMerchant", {"merchantId": _id(tea)})


async def owns_merchant(stage: Stage) -> Act:
    ada, _ = await _shop(stage)
    await proved(stage, ada)
    return partial(without_input, ada.asker, "closeAccount")


def adding(account_name: str) -> Scenario:
    """Ada wants somebody to work for her merchant."""

    async def scenario(stage: Stage) -> Act:
        ada, tea = await _shop(stage)
        return partial(_added, ada, tea, account_name)

    return scenario


async def too_many_members(stage: Stage) -> Act:
    ada, tea = await _shop(stage)
    await factories.person("bob")
    stage.monkeypatch.setattr(members, "MEMBERS_MAX", 1)
    return partial(_added, ada, tea, "bob")


async def owner_stays(stage: Stage) -> Act:
    ada, tea = await _shop(stage)
    return partial(problem, ada.asker, "leaveMerchant", {"merchantId": _id(tea)})


def making_a_key(**words: object) -> Scenario:
    """Ada wants a key that cannot be."""

    async def scenario(stage: Stage) -> Act:
        ada, tea = await _shop(stage)
        return partial(problem, ada.asker, "createApiKey", _key(tea, **words))

    return scenario


async def too_many_api_keys(stage: Stage) -> Act:
    ada, tea = await _shop(stage)
    stage.monkeypatch.setattr(api_keys, "KEYS_MAX", 1)
    await factories.key(tea)
    return partial(problem, ada.asker, "createApiKey", _key(tea))


async def case_closed_already(stage: Stage) -> Act:
    lin = await stage.agent()
    case = await Case.create(
        id=new_id(), kind=CaseKind.REFUND_UNCLAIMED, subject_id=new_id(), opened_at=stage.clock()
    )
    words = {"caseId": f"cas_{case.id.hex}", "outcome": "NOTHING_WRONG", "reason": WHY}
    await lin.data(
        "mutation ($input: CloseCaseInput!) { closeCase(input: $input) { __typename } }",
        input=words,
    )
    return partial(problem, lin, "closeCase", words)


async def scope_missing(stage: Stage) -> Act:
    _, tea = await _shop(stage)
    program = Asker(stage.app, token=await factories.key(tea, Scope.WEBHOOKS))
    return partial(_scope_missed, program)


async def key_of_other_mode(stage: Stage) -> Act:
    _, tea = await _shop(stage)
    key = (await factories.key(tea)).replace("_test_", "_live_")
    return partial(broken, Asker(stage.app, token=key), MINE)


async def _scope_missed(program: Asker) -> Said:
    """What is told, with the scope that programs are told apart put back into the words."""
    told = (await program.answer(MINE))["errors"][0]
    assert told["extensions"]["scope"] == "READ"
    return Said(code=told["extensions"]["code"], message=told["message"])


async def _shop(stage: Stage, **changes: Any) -> tuple[Resident, Merchant]:
    ada = await stage.resident("ada")
    return ada, await factories.merchant(ada.person, **changes)


async def _suspended(agent: Asker, merchant: Merchant) -> None:
    words = "mutation ($input: SuspendMerchantInput!) { suspendMerchant(input: $input) {%s} }"
    await agent.data(words % "__typename", input={"merchantId": _id(merchant), "reason": WHY})


async def _added(by: Resident, merchant: Merchant, account_name: str) -> Said:
    words = {"merchantId": _id(merchant), "accountName": account_name, "role": "CASHIER"}
    return await problem(by.asker, "addMerchantMember", words)


def _key(merchant: Merchant, **words: object) -> dict[str, object]:
    return {"merchantId": _id(merchant), "name": "Till", "scopes": ["READ"], **words}


def _id(merchant: Merchant) -> str:
    return f"mer_{merchant.id.hex}"


PROBLEMS: Final[Scenarios] = {
    "MERCHANT_NAME_INVALID": applying(name="uPay Support"),
    "MERCHANT_CATEGORY_INVALID": applying(category="tea"),
    "MERCHANT_APPLICATION_OPEN": merchant_application_open,
    "MERCHANT_DECIDED": merchant_decided,
    "MERCHANT_NOT_ACCEPTED": merchant_not_accepted,
    "MERCHANT_SUSPENDED": merchant_suspended,
    "MERCHANT_NOT_SUSPENDED": merchant_not_suspended,
    "MERCHANT_NOT_EMPTY": merchant_not_empty,
    "MERCHANT_IN_USE": merchant_in_use,
    "OWNS_MERCHANT": owns_merchant,
    "MEMBER_NOT_FOUND": adding("nobody"),
    "ALREADY_MEMBER": adding("ada"),
    "TOO_MANY_MEMBERS": too_many_members,
    "OWNER_STAYS": owner_stays,
    "API_KEY_NAME_INVALID": making_a_key(name=" "),
    "API_KEY_SCOPES_INVALID": making_a_key(scopes=[]),
    "TOO_MANY_API_KEYS": too_many_api_keys,
    "CASE_CLOSED_ALREADY": case_closed_already,
}
TOP_LEVEL: Final[Scenarios] = {
    "SCOPE_MISSING": scope_missing,
    "KEY_OF_OTHER_MODE": key_of_other_mode,
}
