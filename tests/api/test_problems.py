"""Every no has a name, a code, and a place in the union of its verb; and speaks one's language."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any, Final

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)
from starlette.applications import Starlette

import domain
from domain.refusals import Refusal
from domain.streams import SessionOver
from schema.catalogue.codes import ProblemCode
from schema.problems import base
from schema.texts import Language, choose
from server.api import desk_schema, public_schema
from tests.api.clients import Asker
from tests.api.conftest import Moving

SCHEMAS: Final = [public_schema._schema, desk_schema._schema]

VERBS: Final = {
    "people.REGISTER_REFUSALS": ["RegisterResult"],
    "password_changes.CHANGE_REFUSALS": ["ChangePasswordResult"],
    "password_resets.ASK_REFUSALS": ["RequestPasswordResetResult"],
    "password_resets.COMPLETE_REFUSALS": ["CompletePasswordResetResult"],
    "contacts.ADD_REFUSALS": ["AddContactResult"],
    "contacts.REMOVE_REFUSALS": ["RemoveContactResult"],
    "contacts.KEEP_REFUSALS": ["KeepContactResult"],
    "profiles.UPDATE_REFUSALS": ["UpdateProfileResult"],
    "phrases.SET_REFUSALS": ["SetPhraseResult"],
    "contacts.SEND_REFUSALS": ["SendContactCodeResult"],
    "contacts.VERIFY_REFUSALS": ["VerifyContactResult"],
    "passkeys.START_REFUSALS": ["StartPasskeyResult"],
    "passkeys.FINISH_REFUSALS": ["FinishPasskeyResult"],
    "passkeys.RENAME_REFUSALS": ["NamePasskeyResult"],
    "passkeys.REMOVE_REFUSALS": ["RemovePasskeyResult"],
    "passkeys.SIGN_IN_REFUSALS": ["SignInWithPasskeyResult"],
    "passkeys.START_PROOF_REFUSALS": ["StartPasskeyProofResult"],
    "pins.SET_REFUSALS": ["SetPinResult"],
    "pins.CHANGE_REFUSALS": ["ChangePinResult"],
    "pin_resets.RESET_REFUSALS": ["ResetPinResult"],
    "totps.START_REFUSALS": ["StartTotpResult"],
    "totps.CONFIRM_REFUSALS": ["FinishTotpResult"],
    "totps.REMOVE_REFUSALS": ["RemoveTotpResult"],
    "recovery_codes.MAKE_REFUSALS": ["MakeRecoveryCodesResult"],
    "factor_losses.REPORT_REFUSALS": ["ReportFactorLossResult"],
    "factor_losses.CONFIRM_REFUSALS": ["VerifyFactorLossResult"],
    "factor_losses.WITHDRAW_REFUSALS": ["WithdrawFactorLossResult"],
    "factor_clearings.DECIDE_REFUSALS": ["DecideFactorLossResult"],
    "client_versions.JUDGE_REFUSALS": ["ClientVersionResult"],
    "client_versions.SET_REFUSALS": ["SetClientVersionResult"],
    "sessions.SIGN_IN_REFUSALS": ["SignInResult"],
    "sessions.REFRESH_REFUSALS": ["RefreshSessionResult"],
    "sessions.END_REFUSALS": ["EndSessionResult"],
    "sessions.END_OTHERS_REFUSALS": ["EndOtherSessionsResult"],
    "sessions.FORGET_DEVICE_REFUSALS": ["ForgetDeviceResult"],
    "devices.NAME_REFUSALS": ["NameDeviceResult"],
    "proofs.PROVE_REFUSALS": ["ProveIdentityResult"],
    "proofs.SEND_CODE_REFUSALS": ["SendProofCodeResult"],
    "wallets.OPEN_REFUSALS": ["OpenWalletResult"],
    "bank_accounts.ADD_REFUSALS": ["AddBankAccountResult"],
    "bank_accounts.VERIFY_REFUSALS": ["VerifyBankAccountResult"],
    "bank_accounts.REMOVE_REFUSALS": ["RemoveBankAccountResult"],
    "own_limits.SET_REFUSALS": ["SetOwnLimitResult"],
    "own_limits.WITHDRAW_REFUSALS": ["WithdrawOwnLimitRaiseResult"],
    "payees.FIND_REFUSALS": ["PayeeResult", "ScannedCodeResult"],
    "receipts.CHECK_REFUSALS": ["ReceiptCheckResult"],
    "receive_codes.CREATE_REFUSALS": ["CreateReceiveCodeResult"],
    "receive_codes.REPLACE_REFUSALS": ["ReplaceReceiveCodeResult"],
    "top_ups.START_REFUSALS": ["TopUpResult"],
    "withdrawals.PREPARE_REFUSALS": ["PrepareWithdrawalResult"],
    "withdrawals.CONFIRM_REFUSALS": ["ConfirmWithdrawalResult"],
    "withdrawals.CANCEL_REFUSALS": ["CancelWithdrawalResult"],
    "orders.CREATE_REFUSALS": ["CreateOrderResult"],
    "orders.CLOSE_REFUSALS": ["CloseOrderResult"],
    "orders.FIND_REFUSALS": ["OrderToPayResult"],
    "scans.READ_REFUSALS": ["ReadCodeResult"],
    "merchant_codes.CREATE_REFUSALS": ["CreateMerchantCodeResult"],
    "payment_codes.ISSUE_REFUSALS": ["IssuePaymentCodeResult"],
    "payment_codes.DECLINE_REFUSALS": ["DeclinePaymentCodeResult"],
    "payment_codes.SET_REFUSALS": ["SetCodePaymentsResult"],
    "payment_codes.CHARGE_REFUSALS": ["ChargePaymentCodeResult"],
    "payments.PREPARE_REFUSALS": ["PreparePaymentResult"],
    "payments.CONFIRM_REFUSALS": ["ConfirmPaymentResult"],
    "payments.CAPTURE_REFUSALS": ["CapturePaymentResult"],
    "payments.VOID_REFUSALS": ["VoidPaymentResult"],
    "refunds.REFUND_REFUSALS": ["RefundPaymentResult"],
    "refunds.APPROVE_REFUSALS": ["ApproveRefundResult"],
    "refunds.RETRY_REFUSALS": ["RetryRefundResult"],
    "refunds.REJECT_REFUSALS": ["RejectRefundResult"],
    "refunds.REQUEST_REFUSALS": ["RequestRefundResult"],
    "refunds.WITHDRAW_REFUSALS": ["WithdrawRefundRequestResult"],
    "transfers.PREPARE_REFUSALS": ["PrepareTransferResult"],
    "transfers.CONFIRM_REFUSALS": ["ConfirmTransferResult"],
    "transfers.CANCEL_REFUSALS": ["CancelTransferResult"],
    "unclaimed.CLAIM_REFUSALS": ["ClaimTransferResult"],
    "challenges.SEND_CODE_REFUSALS": ["SendChallengeCodeResult"],
    "inquiries.ANSWER_REFUSALS": ["AnswerInquiryResult"],
    "risk_cases.READ_REFUSALS": ["RiskCaseFoundResult"],
    "risk_cases.DECIDE_REFUSALS": ["DecideRiskCaseResult"],
    "customers.LOOK_UP_REFUSALS": ["FindCustomerResult", "MovementFoundResult"],
    "freezes.UNFREEZE_REFUSALS": ["UnfreezePaymentsResult"],
    "closings.CLOSE_WALLET_REFUSALS": ["CloseWalletResult"],
    "closings.CLOSE_ACCOUNT_REFUSALS": ["CloseAccountResult"],
    "verification_requests.REQUEST_REFUSALS": ["RequestVerificationResult"],
    "verification_requests.SHOW_REFUSALS": ["VerificationShownResult"],
    "verification_requests.DECIDE_REFUSALS": ["DecideVerificationResult"],
    "exports.ASK_REFUSALS": ["RequestExportResult"],
    "webhooks.ADD_REFUSALS": ["CreateWebhookEndpointResult"],
    "webhooks.CHANGE_REFUSALS": ["UpdateWebhookEndpointResult"],
    "webhooks.REDELIVER_REFUSALS": ["RedeliverWebhookResult"],
    "webhooks.REDELIVER_RANGE_REFUSALS": ["RedeliverWebhooksResult"],
    "webhooks.TEST_REFUSALS": ["SendTestWebhookResult"],
    "money_requests.ASK_REFUSALS": ["RequestMoneyResult"],
    "money_requests.ANSWER_REFUSALS": [
        "DeclineMoneyRequestResult",
        "WithdrawMoneyRequestResult",
    ],
    "favourites.ADD_REFUSALS": ["AddFavouritePayeeResult"],
    "blocks.BLOCK_REFUSALS": ["BlockPersonResult"],
    "fees.SET_REFUSALS": ["SetMerchantFeeResult"],
    "reconciliation.RUN_REFUSALS": ["RunReconciliationResult"],
    "merchants.APPLY_REFUSALS": ["ApplyAsMerchantResult"],
    "merchants.READ_REFUSALS": ["MerchantFoundResult"],
    "merchants.DECIDE_REFUSALS": ["DecideMerchantResult"],
    "merchants.SUSPEND_REFUSALS": ["SuspendMerchantResult"],
    "merchants.REINSTATE_REFUSALS": ["ReinstateMerchantResult"],
    "merchants.PAUSE_REFUSALS": ["PauseMerchantResult"],
    "merchants.RESUME_REFUSALS": ["ResumeMerchantResult"],
    "merchants.CLOSE_REFUSALS": ["CloseMerchantResult"],
    "merchants.ADD_MEMBER_REFUSALS": ["AddMerchantMemberResult"],
    "merchants.SET_ROLE_REFUSALS": ["SetMerchantMemberRoleResult"],
    "merchants.REMOVE_MEMBER_REFUSALS": ["RemoveMerchantMemberResult"],
    "merchants.LEAVE_REFUSALS": ["LeaveMerchantResult"],
    "merchants.OFFER_REFUSALS": ["OfferMerchantResult"],
    "merchants.ACCEPT_REFUSALS": ["AcceptMerchantResult"],
    "merchants.CREATE_KEY_REFUSALS": ["CreateApiKeyResult"],
    "cases.CLOSE_REFUSALS": ["CloseCaseResult"],
    "freezes.FREEZE_REFUSALS": ["FreezeCustomerResult"],
    "freezes.LIFT_REFUSALS": ["UnfreezeCustomerResult"],
    "test_clock.READ_REFUSALS": ["TestClockResult"],
    "test_clock.ADVANCE_REFUSALS": ["AdvanceTestClockResult"],
}
# Verbs that say by themselves which of their inputs it was; their own tests hold them to it.
SAID_BY_THE_VERB: Final = {
    *("clientVersion", "proveIdentity", "resetPin", "claimTransfer", "confirmWithdrawal"),
    *("changePassword", "changePin", "completePasswordReset", "payee", "scannedCode"),
    *("orderToPay", "createOrder", "preparePayment", "requestMoney", "blockPerson"),
    *("readCode", "createMerchantCode", "declinePaymentCode", "chargePaymentCode"),
}
# No verb answers with it: a subscription ends with it, as a top-level error.
NO_ANSWER: Final = {SessionOver}


def test_a_verbs_union_holds_exactly_the_problems_of_its_refusals() -> None:
    tuples = {
        f"{module.__name__.removeprefix('domain.')}.{name}": set(vars(module)[name])
        for module in _modules()
        if module.__name__.count(".") == 1  # a folder says for its files what its verbs refuse
        for name in vars(module)
        if name.endswith("_REFUSALS") and name[0] != "_"
    }
    unions = _unions()
    names = base.namings()

    assert sorted(tuples) == sorted(VERBS)
    assert sorted(unions) == sorted(union for each in VERBS.values() for union in each)
    for verb, answers in VERBS.items():
        for answer in answers:
            assert unions[answer] == {names[each].__name__ for each in tuples[verb]}, verb


def test_every_refusal_has_a_name() -> None:
    for module in _modules():
        for name, refusal in vars(module).items():
            if (
                isinstance(refusal, type)
                and issubclass(refusal, Refusal)
                and refusal is not Refusal
            ):
                assert refusal in base.namings() or refusal in NO_ANSWER, f"{module}.{name}"


def test_every_code_belongs_to_one_type_of_problem_and_every_type_has_one() -> None:
    pairs = {(naming.type, naming.entry.code) for naming in base._NAMINGS.values()}

    assert sorted(code for _, code in pairs) == sorted(code.name for code in ProblemCode)
    assert len({type_ for type_, _ in pairs}) == len(pairs)


def test_a_problem_points_at_an_input_of_its_verb() -> None:
    paths = {
        (verb, naming.entry.code): (naming.field, _arguments(field))
        for schema in SCHEMAS
        for root in (schema.query_type, schema.mutation_type)
        if root is not None
        for verb, field in root.fields.items()
        if verb not in SAID_BY_THE_VERB
        for naming in base._NAMINGS.values()
        if naming.field and naming.type.__name__ in _members(get_named_type(field.type))
    }

    lost = [where for where, (path, inputs) in paths.items() if not _leads_somewhere(path, inputs)]

    assert len(paths) > 40
    assert lost == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", Language.EN),
        ("fr", Language.EN),
        ("zh", Language.ZH_CN),
        ("zh-TW", Language.ZH_CN),
        ("ZH-cn", Language.ZH_CN),
        ("fr, zh-CN;q=0.9, en;q=0.8", Language.ZH_CN),
        ("en;q=0.5, zh-CN;q=0.9", Language.ZH_CN),
        ("zh;q=0, en;q=0.1", Language.EN),
        ("en, zh", Language.EN),
        ("zhx", Language.EN),
        (";;,,q=,;q=2", Language.EN),
        ("zh;q=nonsense", Language.ZH_CN),
    ],
)
def test_the_language_a_browser_likes_best_is_spoken(header: str, language: Language) -> None:
    assert choose(header) is language


def test_a_persons_own_setting_comes_before_their_browsers() -> None:
    assert choose("en", "zh-CN") is Language.ZH_CN
    assert choose("zh", "en") is Language.EN


REFUSED: Final = 'mutation { setPin(input: { pin: "111111" }) { ... on Problem { code message } } }'
NOBODY: Final = """mutation { refreshSession(input: { refreshToken: "upr_x" }) {
    ... on Problem { code message nextStep retry field } } }"""


async def test_a_person_is_answered_in_their_language_and_codes_stay(
    app: Starlette, resident: Moving
) -> None:
    ada, wang = await resident("ada", locale="en"), await resident("wang", locale="zh-CN")
    chinese = Asker(app, token=ada.tokens.access, language="zh-CN")

    english = await chinese.data(REFUSED)
    translated = await wang.asker.data(REFUSED)

    assert english == {"code": "PIN_TOO_SIMPLE", "message": "This PIN is too easy to guess."}
    assert translated == {"code": "PIN_TOO_SIMPLE", "message": "支付密码过于简单。"}


async def test_nobody_in_particular_is_answered_as_their_browser_wishes(app: Starlette) -> None:
    facts = {"code": "SESSION_ENDED", "retry": "NEVER", "field": ["refreshToken"]}

    said = {tag: await Asker(app, language=tag).data(NOBODY) for tag in ("zh-CN,en;q=0.8", "fr")}

    assert said == {
        "zh-CN,en;q=0.8": facts | {"message": "登录状态已失效。", "nextStep": "请重新登录。"},
        "fr": facts | {"message": "Your session has ended.", "nextStep": "Please sign in again."},
    }


def _modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(domain.__path__, "domain.")
    return [importlib.import_module(each.name) for each in found]


def _unions() -> dict[str, set[str]]:
    """Every union that can answer with a problem, and which problems."""
    found = {
        type_.name: {each.name for each in type_.types if _is_problem(each)}
        for schema in SCHEMAS
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLUnionType)
    }
    return {name: problems for name, problems in found.items() if problems}


def _is_problem(type_: GraphQLObjectType) -> bool:
    return "Problem" in {interface.name for interface in type_.interfaces}


def _members(type_: Any) -> set[str]:
    return {each.name for each in type_.types} if isinstance(type_, GraphQLUnionType) else set()


def _arguments(field: Any) -> dict[str, Any]:
    """What a verb takes: the fields of its `input`, or its arguments when it has none."""
    arguments = {name: get_named_type(each.type) for name, each in field.args.items()}
    return _fields(arguments["input"]) if "input" in arguments else arguments


def _fields(type_: Any) -> dict[str, Any]:
    if not isinstance(type_, GraphQLInputObjectType):
        return {}
    return {name: get_named_type(each.type) for name, each in type_.fields.items()}


def _leads_somewhere(path: list[str] | None, inputs: dict[str, Any]) -> bool:
    for step in path or []:
        if step not in inputs:
            return False
        inputs = _fields(inputs[step])
    return True
