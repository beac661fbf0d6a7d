"""Who may ask what: one table of every root field of both APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any, Final
from uuid import UUID

import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed

from domain import contacts, merchant_codes, payment_codes, provider_orders, refunds, sessions
from domain.devices import Shown
from domain.merchants import Scope, actors
from models.ids import new_id
from models.merchants import ApiKey, MemberRole, Merchant
from models.movements import Movement, MovementKind
from models.people import Contact, ContactKind, Person, Role
from models.quotes import Capture
from models.refunds import RefundReason
from models.sessions import Audience
from server.api import desk_schema, public_schema
from tests import factories, showing
from tests.api import test_withdrawals as withdrawing
from tests.api import tills
from tests.api.clients import Asker, Listener, served
from tests.api.conftest import Moving, Resident
from tests.api.scenarios.passkeys import owns
from tests.api.test_transfers import confirm, prepared
from tests.domain import acquaintances, hooks, risks
from tests.moments import Clock

OK: Final = "ok"
WHO: Final = "UNAUTHENTICATED"
HIDDEN: Final = "NOT_FOUND"
CLOSED: Final = "4403"
SCOPE: Final = "SCOPE_MISSING"

# Everything below is asked about what belongs to the owner.
# fmt: off
PUBLIC: Final = {
    #                   nobody  another  owner   agent   whose session ended
    "me":              (WHO,    OK,      OK,     WHO,    WHO),
    "wallet":          (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "payee":           (WHO,    OK,      OK,     WHO,    WHO),
    "scannedCode":     (WHO,    OK,      OK,     WHO,    WHO),
    "movement":        (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "movementByKey":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "node":            (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "receiptCheck":    (OK,     OK,      OK,     OK,     OK),
    "passwordPolicy":  (OK,     OK,      OK,     OK,     OK),
    "changePassword":  (WHO,    OK,      OK,     WHO,    WHO),
    "requestPasswordReset": (OK, OK,     OK,     OK,     OK),
    "completePasswordReset": (OK, OK,    OK,     OK,     OK),
    "clientVersion":   (OK,     OK,      OK,     OK,     OK),
    "testClock":       (WHO,    OK,      OK,     WHO,    WHO),
    "advanceTestClock": (WHO,   OK,      OK,     WHO,    WHO),
    "startTotp":       (WHO,    OK,      OK,     WHO,    WHO),
    "finishTotp":     (WHO,    OK,      OK,     WHO,    WHO),
    "removeTotp":      (WHO,    OK,      OK,     WHO,    WHO),
    "makeRecoveryCodes": (WHO,  OK,      OK,     WHO,    WHO),
    "reportFactorLoss": (OK,    OK,      OK,     OK,     OK),
    "verifyFactorLoss": (OK,   OK,      OK,     OK,     OK),
    "withdrawFactorLoss": (WHO, OK,      OK,     WHO,    WHO),
    "resetPin":        (WHO,    OK,      OK,     WHO,    WHO),
    "register":        (OK,     OK,      OK,     OK,     OK),
    "updateProfile":   (WHO,    OK,      OK,     WHO,    WHO),
    "setPhrase":       (WHO,    OK,      OK,     WHO,    WHO),
    "addContact":      (WHO,    OK,      OK,     WHO,    WHO),
    "removeContact":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "keepContact":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "sendContactCode": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "verifyContact":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "setPin":          (WHO,    OK,      OK,     WHO,    WHO),
    "changePin":       (WHO,    OK,      OK,     WHO,    WHO),
    "readCode":        (WHO,    OK,      OK,     WHO,    WHO),
    "merchantCodes":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "createMerchantCode": (WHO, HIDDEN,  OK,     WHO,    WHO),
    "replaceMerchantCode": (WHO, HIDDEN, OK,     WHO,    WHO),
    "paymentCode":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "codePayments":    (WHO,    OK,      OK,     WHO,    WHO),
    "issuePaymentCode": (WHO,   HIDDEN,  OK,     WHO,    WHO),
    "declinePaymentCode": (WHO, HIDDEN,  OK,     WHO,    WHO),
    "setCodePayments": (WHO,    OK,      OK,     WHO,    WHO),
    "chargePaymentCode": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "paymentCodeUpdated": (WHO,    HIDDEN,  OK,     CLOSED, CLOSED),
    "signIn":          (OK,     OK,      OK,     OK,     OK),
    "refreshSession":  (OK,     OK,      OK,     OK,     OK),
    "endSession":      (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "endOtherSessions": (WHO,   OK,      OK,     WHO,    WHO),
    "nameDevice":      (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "forgetDevice":    (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "proveIdentity":   (WHO,    OK,      OK,     WHO,    WHO),
    "sendProofCode":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "openWallet":      (WHO,    OK,      OK,     WHO,    WHO),
    "bankAccounts":    (WHO,    OK,      OK,     WHO,    WHO),
    "addBankAccount":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "verifyBankAccount": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "removeBankAccount": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "freezePayments":  (WHO,    OK,      OK,     WHO,    WHO),
    "unfreezePayments": (WHO,   OK,      OK,     WHO,    WHO),
    "closeWallet":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "closeAccount":    (WHO,    OK,      OK,     WHO,    WHO),
    "requestVerification": (WHO, HIDDEN, OK,     WHO,    WHO),
    "requestExport":   (WHO,    OK,      OK,     WHO,    WHO),
    "startPasskey":    (WHO,    OK,      OK,     WHO,    WHO),
    "finishPasskey":   (WHO,    OK,      OK,     WHO,    WHO),
    "namePasskey":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "removePasskey":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "startPasskeyProof": (WHO,  OK,      OK,     WHO,    WHO),
    "startPasskeySignIn": (OK,  OK,      OK,     OK,     OK),
    "signInWithPasskey": (OK,   OK,      OK,     OK,     OK),
    "setOwnLimit":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "withdrawOwnLimitRaise": (WHO, HIDDEN, OK,   WHO,    WHO),
    "createReceiveCode": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "replaceReceiveCode": (WHO, HIDDEN,  OK,     WHO,    WHO),
    "topUp":           (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "orderToPay":      (WHO,    OK,      OK,     WHO,    WHO),
    "order":           (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "orders":          (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "payment":         (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "payments":        (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "createOrder":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "closeOrder":      (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "preparePayment":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "confirmPayment":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "capturePayment":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "voidPayment":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "prepareTransfer": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "confirmTransfer": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "cancelTransfer":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "prepareWithdrawal": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "confirmWithdrawal": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "cancelWithdrawal": (WHO,   HIDDEN,  OK,     WHO,    WHO),
    "claimableTransfers": (WHO, OK,      OK,     WHO,    WHO),
    "claimTransfer":   (WHO,    HIDDEN,  HIDDEN, WHO,    WHO),
    "sendChallengeCode": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "answerInquiry":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "walletEvents":    (WHO,    HIDDEN,  OK,     CLOSED, CLOSED),
    "refund":          (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "refunds":         (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "refundPayment":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "approveRefund":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "retryRefund":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "rejectRefund":    (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "requestRefund":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "withdrawRefundRequest": (WHO, HIDDEN, OK,   WHO,    WHO),
    "paymentUpdated":  (WHO,    HIDDEN,  OK,     CLOSED, CLOSED),
    "movementUpdated": (WHO,    HIDDEN,  OK,     CLOSED, CLOSED),
    "merchant":        (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "applyAsMerchant": (WHO,    OK,      OK,     WHO,    WHO),
    "addMerchantMember": (WHO,  HIDDEN,  OK,     WHO,    WHO),
    "setMerchantMemberRole": (WHO, HIDDEN, OK,   WHO,    WHO),
    "offerMerchant":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "acceptMerchant":  (WHO,    HIDDEN,  HIDDEN, WHO,    WHO),
    "removeMerchantMember": (WHO, HIDDEN, OK,    WHO,    WHO),
    "leaveMerchant":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "pauseMerchant":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "resumeMerchant":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "createApiKey":    (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "revokeApiKey":    (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "closeMerchant":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "requestMoney":    (WHO,    OK,      OK,     WHO,    WHO),
    "declineMoneyRequest": (WHO, HIDDEN, OK,     WHO,    WHO),
    "withdrawMoneyRequest": (WHO, HIDDEN, HIDDEN, WHO,   WHO),
    "addFavouritePayee": (WHO,  OK,      OK,     WHO,    WHO),
    "removeFavouritePayee": (WHO, HIDDEN, OK,    WHO,    WHO),
    "blockPerson":     (WHO,    OK,      OK,     WHO,    WHO),
    "unblockPerson":   (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "settlements":     (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "settlement":      (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "signOut":         (WHO,    OK,      OK,     WHO,    WHO),
    "webhookEndpoints": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "merchantEvents":  (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "webhookDeliveries": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "createWebhookEndpoint": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "updateWebhookEndpoint": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "removeWebhookEndpoint": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "rotateWebhookSecret": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "enableWebhookEndpoint": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "redeliverWebhook": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "redeliverWebhooks": (WHO,    HIDDEN,  OK,     WHO,    WHO),
    "sendTestWebhook": (WHO,    HIDDEN,  OK,     WHO,    WHO),
}
DESK: Final = {
    #                   nobody  another  owner   agent   whose session ended
    "me":               (WHO,   WHO,     WHO,    OK,     WHO),
    "passwordPolicy":   (OK,    OK,      OK,     OK,     OK),
    "changePassword":   (WHO,   WHO,     WHO,    OK,     WHO),
    "requestPasswordReset": (OK, OK,     OK,     OK,     OK),
    "completePasswordReset": (OK, OK,    OK,     OK,     OK),
    "clientVersion":    (OK,    OK,      OK,     OK,     OK),
    "clientVersions":   (WHO,   WHO,     WHO,    OK,     WHO),
    "setClientVersion": (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "startTotp":        (WHO,   WHO,     WHO,    OK,     WHO),
    "finishTotp":      (WHO,   WHO,     WHO,    OK,     WHO),
    "removeTotp":       (WHO,   WHO,     WHO,    OK,     WHO),
    "makeRecoveryCodes": (WHO,  WHO,     WHO,    OK,     WHO),
    "reportFactorLoss": (OK,    OK,      OK,     OK,     OK),
    "verifyFactorLoss": (OK,   OK,      OK,     OK,     OK),
    "withdrawFactorLoss": (WHO, WHO,     WHO,    OK,     WHO),
    "factorLosses":     (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "decideFactorLoss": (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "findCustomer":     (WHO,   WHO,     WHO,    OK,     WHO),
    "movement":         (WHO,   WHO,     WHO,    OK,     WHO),
    "signIn":           (OK,    OK,      OK,     OK,     OK),
    "refreshSession":   (OK,    OK,      OK,     OK,     OK),
    "endSession":       (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "endOtherSessions": (WHO,   WHO,     WHO,    OK,     WHO),
    "nameDevice":       (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "forgetDevice":     (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "proveIdentity":    (WHO,   WHO,     WHO,    OK,     WHO),
    "sendProofCode":    (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "freezeCustomer":   (WHO,   WHO,     WHO,    OK,     WHO),
    "startPasskey":     (WHO,   WHO,     WHO,    OK,     WHO),
    "finishPasskey":    (WHO,   WHO,     WHO,    OK,     WHO),
    "namePasskey":      (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "removePasskey":    (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "startPasskeyProof": (WHO,  WHO,     WHO,    OK,     WHO),
    "startPasskeySignIn": (OK,  OK,      OK,     OK,     OK),
    "signInWithPasskey": (OK,   OK,      OK,     OK,     OK),
    "unfreezeCustomer": (WHO,   WHO,     WHO,    OK,     WHO),
    "verificationRequests": (WHO, WHO,   WHO,    OK,     WHO),
    "verificationRequest": (WHO, WHO,    WHO,    OK,     WHO),
    "decideVerification": (WHO, WHO,     WHO,    OK,     WHO),
    "riskCases":        (WHO,   WHO,     WHO,    OK,     WHO),
    "riskCase":         (WHO,   WHO,     WHO,    OK,     WHO),
    "decideRiskCase":   (WHO,   WHO,     WHO,    OK,     WHO),
    "merchants":        (WHO,   WHO,     WHO,    OK,     WHO),
    "merchant":         (WHO,   WHO,     WHO,    OK,     WHO),
    "decideMerchant":   (WHO,   WHO,     WHO,    OK,     WHO),
    "suspendMerchant":  (WHO,   WHO,     WHO,    OK,     WHO),
    "reinstateMerchant": (WHO,  WHO,     WHO,    OK,     WHO),
    "cases":            (WHO,   WHO,     WHO,    OK,     WHO),
    "closeCase":        (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "merchantFees":     (WHO,   WHO,     WHO,    OK,     WHO),
    "setMerchantFee":   (WHO,   WHO,     WHO,    HIDDEN, WHO),
    "reconciliations":  (WHO,   WHO,     WHO,    OK,     WHO),
    "runReconciliation": (WHO,  WHO,     WHO,    HIDDEN, WHO),
    "signOut":          (WHO,   WHO,     WHO,    OK,     WHO),
}
# What programs get with a key of the owner's merchant; whatever is not here is for people, and
# they get what nobody gets.
MERCHANT: Final = {
    #                   every scope  only READ  another merchant's
    "merchant":         (OK,         OK,        HIDDEN),
    "order":            (OK,         OK,        HIDDEN),
    "orders":           (OK,         OK,        HIDDEN),
    "payment":          (OK,         OK,        HIDDEN),
    "payments":         (OK,         OK,        HIDDEN),
    "createOrder":      (OK,         SCOPE,     HIDDEN),
    "closeOrder":       (OK,         SCOPE,     HIDDEN),
    "capturePayment":   (OK,         SCOPE,     HIDDEN),
    "voidPayment":      (OK,         SCOPE,     HIDDEN),
    "paymentUpdated":   (OK,         OK,        HIDDEN),
    "movementByKey":    (OK,         OK,        HIDDEN),
    "refund":           (OK,         OK,        HIDDEN),
    "refunds":          (OK,         OK,        HIDDEN),
    "refundPayment":    (OK,         SCOPE,     HIDDEN),
    "approveRefund":    (OK,         SCOPE,     HIDDEN),
    "retryRefund":      (OK,         SCOPE,     HIDDEN),
    "rejectRefund":     (OK,         SCOPE,     HIDDEN),
    "settlements":      (OK,         SCOPE,     HIDDEN),
    "settlement":       (OK,         SCOPE,     HIDDEN),
    "testClock":        (OK,         SCOPE,     OK),
    "advanceTestClock": (OK,         SCOPE,     OK),
    "webhookEndpoints": (OK,         SCOPE,     HIDDEN),
    "merchantEvents":  (OK,         OK,        HIDDEN),
    "webhookDeliveries": (OK,         SCOPE,     HIDDEN),
    "createWebhookEndpoint": (OK,         SCOPE,     HIDDEN),
    "updateWebhookEndpoint": (OK,         SCOPE,     HIDDEN),
    "removeWebhookEndpoint": (OK,         SCOPE,     HIDDEN),
    "rotateWebhookSecret": (OK,         SCOPE,     HIDDEN),
    "enableWebhookEndpoint": (OK,         SCOPE,     HIDDEN),
    "redeliverWebhook": (OK,         SCOPE,     HIDDEN),
    "redeliverWebhooks": (OK,         SCOPE,     HIDDEN),
    "sendTestWebhook": (OK,         SCOPE,     HIDDEN),
    "merchantCodes":    (OK,         OK,        HIDDEN),
    "createMerchantCode": (OK,       SCOPE,     HIDDEN),
    "replaceMerchantCode": (OK,      SCOPE,     HIDDEN),
    "chargePaymentCode": (OK,        SCOPE,     HIDDEN),
}
# fmt: on

_AMOUNT: Final = 'amount: { amountMinor: 1, currency: "CNY" }'
PASSWORD_WORDS: Final = {
    "passwordPolicy": "{ passwordPolicy { minLength } }",
    "changePassword": """mutation { changePassword(input: {
        currentPassword: "x", newPassword: "x" }) { __typename } }""",
    "requestPasswordReset": """mutation {
        requestPasswordReset(input: { contact: "ada@example.org" }) { __typename } }""",
    "completePasswordReset": """mutation { completePasswordReset(input: {
        proof: { token: "x" }, newPassword: "x" }) { __typename } }""",
}
PASSKEY_WORDS: Final = {
    "startPasskey": "mutation { startPasskey { __typename } }",
    "finishPasskey": """mutation {
        finishPasskey(input: { name: "x", credential: "x" }) { __typename } }""",
    "namePasskey": """mutation {
        namePasskey(input: { passkeyId: "$passkey", name: "x" }) { __typename } }""",
    "removePasskey": """mutation {
        removePasskey(input: { passkeyId: "$passkey" }) { __typename } }""",
    "startPasskeyProof": "mutation { startPasskeyProof { __typename } }",
    "startPasskeySignIn": "mutation { startPasskeySignIn { __typename } }",
    "signInWithPasskey": """mutation {
        signInWithPasskey(input: { credential: "x" }) { __typename } }""",
}
FACTOR_WORDS: Final = {
    "clientVersion": '{ clientVersion(platform: IOS, version: "1") { __typename } }',
    "startTotp": "mutation { startTotp { __typename } }",
    "finishTotp": 'mutation { finishTotp(input: { code: "1" }) { __typename } }',
    "removeTotp": "mutation { removeTotp { __typename } }",
    "makeRecoveryCodes": "mutation { makeRecoveryCodes { __typename } }",
    "reportFactorLoss": """mutation {
        reportFactorLoss(input: { name: "ada", password: "x" }) { __typename } }""",
    "verifyFactorLoss": """mutation {
        verifyFactorLoss(input: { lossId: "los_00000000000000000000000000000000",
        code: "1" }) { __typename } }""",
    "withdrawFactorLoss": "mutation { withdrawFactorLoss { __typename } }",
}
SESSION_WORDS: Final = {
    "endSession": 'mutation { endSession(input: { sessionId: "$session" }) { __typename } }',
    "endOtherSessions": "mutation { endOtherSessions { __typename } }",
    "nameDevice": """mutation {
        nameDevice(input: { deviceId: "$device", name: "x" }) { __typename } }""",
    "forgetDevice": 'mutation { forgetDevice(input: { deviceId: "$device" }) { __typename } }',
    "proveIdentity": 'mutation { proveIdentity(input: { proof: { pin: "1" } }) { __typename } }',
    "sendProofCode": """mutation {
        sendProofCode(input: { contactId: "$contact" }) { __typename } }""",
}
CODE_WORDS: Final = {
    "readCode": '{ readCode(text: "x") { __typename } }',
    "merchantCodes": '{ merchantCodes(merchantId: "$merchant") { edges { cursor } } }',
    "createMerchantCode": """mutation { createMerchantCode(input: {
        currency: CNY, till: "1", merchantId: "$merchant" }) { __typename } }""",
    "replaceMerchantCode": """mutation { replaceMerchantCode(input: {
        codeId: "$merchantCode", merchantId: "$merchant" }) { __typename } }""",
    "paymentCode": '{ paymentCode(id: "$paymentCode") { id } }',
    "codePayments": "{ codePayments { isEnabled } }",
    "issuePaymentCode": """mutation {
        issuePaymentCode(input: { walletId: "$wallet" }) { __typename } }""",
    "declinePaymentCode": """mutation {
        declinePaymentCode(input: { codeId: "$paymentCode" }) { __typename } }""",
    "setCodePayments": """mutation {
        setCodePayments(input: { isEnabled: true }) { __typename } }""",
    "chargePaymentCode": f"""mutation {{ chargePaymentCode(input: {{ code: "1", {_AMOUNT},
        reference: "c", idempotencyKey: "c", merchantId: "$merchant" }}) {{ __typename }} }}""",
    "paymentCodeUpdated": """subscription {
        paymentCodeUpdated(id: "$paymentCode", after: 9) { __typename } }""",
}
ORDER_WORDS: Final = {
    "orderToPay": '{ orderToPay(number: "1000000000000008") { __typename } }',
    "order": '{ order(id: "$order", merchantId: "$merchant") { id } }',
    "orders": '{ orders(merchantId: "$merchant") { edges { node { id } } } }',
    "payment": '{ payment(id: "$payment", merchantId: "$merchant") { id } }',
    "payments": '{ payments(merchantId: "$merchant") { edges { node { id } } } }',
    "createOrder": f"""mutation {{ createOrder(input: {{ merchantId: "$merchant",
        {_AMOUNT}, reference: "tea" }}) {{ __typename }} }}""",
    "closeOrder": """mutation {
        closeOrder(input: { merchantId: "$merchant", orderId: "$order" }) { __typename } }""",
    "preparePayment": """mutation { preparePayment(input: {
        walletId: "$wallet", order: { number: "1000000000000008" } }) { __typename } }""",
    "confirmPayment": """mutation { confirmPayment(input: {
        quoteId: "$paymentQuote", challengeId: "$paymentChallenge", proof: { pin: "1" },
        idempotencyKey: "x" }) { __typename } }""",
    "capturePayment": """mutation { capturePayment(input: { merchantId: "$merchant",
        paymentId: "$payment", idempotencyKey: "x" }) { __typename } }""",
    "voidPayment": """mutation { voidPayment(input: { merchantId: "$merchant",
        paymentId: "$payment", idempotencyKey: "x" }) { __typename } }""",
    "paymentUpdated": """subscription { paymentUpdated(id: "$payment", merchantId: "$merchant",
        after: 0) { __typename } }""",
}
REFUND_WORDS: Final = {
    "refund": '{ refund(id: "$refund", merchantId: "$merchant") { id } }',
    "refunds": '{ refunds(merchantId: "$merchant") { edges { node { id } } } }',
    "refundPayment": """mutation { refundPayment(input: { merchantId: "$merchant",
        paymentId: "$payment", reason: OTHER, idempotencyKey: "r" }) { __typename } }""",
    "approveRefund": """mutation { approveRefund(input: { merchantId: "$merchant",
        refundId: "$refund", idempotencyKey: "ra" }) { __typename } }""",
    "retryRefund": """mutation { retryRefund(input: { merchantId: "$merchant",
        refundId: "$refund", idempotencyKey: "rr" }) { __typename } }""",
    "rejectRefund": """mutation {
        rejectRefund(input: { merchantId: "$merchant", refundId: "$refund" }) { __typename } }""",
    "requestRefund": """mutation {
        requestRefund(input: { paymentId: "$bought", reason: OTHER }) { __typename } }""",
    "withdrawRefundRequest": """mutation {
        withdrawRefundRequest(input: { refundId: "$requested" }) { __typename } }""",
}
MERCHANT_WORDS: Final = {
    "merchant": '{ merchant(id: "$merchant") { id } }',
    "applyAsMerchant": """mutation { applyAsMerchant(input: { name: "Tea", category: "5812",
        country: "CN", city: "Hangzhou" }) { __typename } }""",
    "addMerchantMember": """mutation { addMerchantMember(input: { merchantId: "$merchant",
        accountName: "nobody", role: CASHIER }) { __typename } }""",
    "setMerchantMemberRole": """mutation { setMerchantMemberRole(input: {
        memberId: "$member", role: VIEWER }) { __typename } }""",
    "offerMerchant": """mutation {
        offerMerchant(input: { memberId: "$member" }) { __typename } }""",
    "acceptMerchant": """mutation {
        acceptMerchant(input: { merchantId: "$merchant" }) { __typename } }""",
    "removeMerchantMember": """mutation {
        removeMerchantMember(input: { memberId: "$member" }) { __typename } }""",
    "leaveMerchant": """mutation {
        leaveMerchant(input: { merchantId: "$merchant" }) { __typename } }""",
    "pauseMerchant": """mutation {
        pauseMerchant(input: { merchantId: "$merchant" }) { __typename } }""",
    "resumeMerchant": """mutation {
        resumeMerchant(input: { merchantId: "$merchant" }) { __typename } }""",
    "createApiKey": """mutation { createApiKey(input: { merchantId: "$merchant", name: "Till",
        scopes: [READ] }) { __typename } }""",
    "revokeApiKey": 'mutation { revokeApiKey(input: { apiKeyId: "$apiKey" }) { __typename } }',
    "closeMerchant": """mutation {
        closeMerchant(input: { merchantId: "$merchant" }) { __typename } }""",
    "settlements": '{ settlements(merchantId: "$merchant") { edges { node { id } } } }',
    "settlement": '{ settlement(id: "$settlement", merchantId: "$merchant") { id } }',
}
WEBHOOK_WORDS: Final = {
    "webhookEndpoints": '{ webhookEndpoints(merchantId: "$merchant") { id } }',
    "merchantEvents": '{ merchantEvents(merchantId: "$merchant") { edges { cursor } } }',
    "webhookDeliveries": """{ webhookDeliveries(
        endpointId: "$webhook", merchantId: "$merchant") { edges { cursor } } }""",
    "createWebhookEndpoint": """mutation { createWebhookEndpoint(input: {
        url: "x", merchantId: "$merchant" }) { __typename } }""",
    "updateWebhookEndpoint": """mutation { updateWebhookEndpoint(input: {
        endpointId: "$webhook", merchantId: "$merchant" }) { __typename } }""",
    "rotateWebhookSecret": """mutation { rotateWebhookSecret(input: {
        endpointId: "$webhook", merchantId: "$merchant" }) { __typename } }""",
    "enableWebhookEndpoint": """mutation { enableWebhookEndpoint(input: {
        endpointId: "$webhook", merchantId: "$merchant" }) { __typename } }""",
    "redeliverWebhook": """mutation { redeliverWebhook(input: { endpointId: "$webhook",
        eventId: "$event", merchantId: "$merchant" }) { __typename } }""",
    "redeliverWebhooks": """mutation { redeliverWebhooks(input: { endpointId: "$webhook",
        since: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z", merchantId: "$merchant"
        }) { __typename } }""",
    "sendTestWebhook": """mutation { sendTestWebhook(input: {
        endpointId: "$webhook", merchantId: "$merchant" }) { __typename } }""",
    # Last, because nothing can be asked of what is gone.
    "removeWebhookEndpoint": """mutation { removeWebhookEndpoint(input: {
        endpointId: "$removed", merchantId: "$merchant" }) { __typename } }""",
}
ACQUAINTANCE_WORDS: Final = {
    "requestMoney": """mutation { requestMoney(input: { payer: { accountName: "nobody" },
        amount: { amountMinor: 1, currency: "CNY" } }) { __typename } }""",
    "declineMoneyRequest": """mutation {
        declineMoneyRequest(input: { requestId: "$moneyRequest" }) { __typename } }""",
    "withdrawMoneyRequest": """mutation {
        withdrawMoneyRequest(input: { requestId: "$moneyRequest" }) { __typename } }""",
    "addFavouritePayee": """mutation {
        addFavouritePayee(input: { payee: { accountName: "nobody" } }) { __typename } }""",
    "removeFavouritePayee": """mutation {
        removeFavouritePayee(input: { favouriteId: "$favourite" }) { __typename } }""",
    "blockPerson": """mutation { blockPerson(input: {
        partyId: "pty_00000000000000000000000000000000" }) { __typename } }""",
    "unblockPerson": """mutation {
        unblockPerson(input: { partyId: "$blocked" }) { __typename } }""",
}
PUBLIC_WORDS: Final = {
    **ACQUAINTANCE_WORDS,
    **CODE_WORDS,
    "testClock": "{ testClock { __typename } }",
    "advanceTestClock": "mutation { advanceTestClock(input: {seconds: 60}) { __typename } }",
    **MERCHANT_WORDS,
    **ORDER_WORDS,
    **REFUND_WORDS,
    **WEBHOOK_WORDS,
    "answerInquiry": """mutation {
        answerInquiry(input: { inquiryId: "$inquiry", wasMe: true }) { __typename } }""",
    **FACTOR_WORDS,
    "resetPin": 'mutation { resetPin(input: { newPin: "1" }) { __typename } }',
    **PASSKEY_WORDS,
    **PASSWORD_WORDS,
    "me": "{ me { id } }",
    "wallet": '{ wallet(id: "$wallet") { id } }',
    "payee": '{ payee(by: { accountName: "bob" }) { __typename } }',
    "scannedCode": '{ scannedCode(text: "x") { __typename } }',
    "movement": '{ movement(id: "$transfer") { id } }',
    "movementByKey": '{ movementByKey(key: "adas key", merchantId: "$merchant") { id } }',
    "node": '{ node(id: "$wallet") { id } }',
    "receiptCheck": '{ receiptCheck(input: { number: "x", code: "x" }) { __typename } }',
    "register": """mutation { register(input: {
        accountName: "x", displayName: "X", email: "x@example.org", password: "x"
        }) { __typename } }""",
    "updateProfile": "mutation { updateProfile(input: { locale: EN }) { __typename } }",
    "setPhrase": 'mutation { setPhrase(input: { phrase: "x" }) { __typename } }',
    "addContact": 'mutation { addContact(input: { email: "x" }) { __typename } }',
    "keepContact": """mutation {
        keepContact(input: { contactId: "$contact" }) { __typename } }""",
    "sendContactCode": """mutation {
        sendContactCode(input: { contactId: "$contact" }) { __typename } }""",
    "verifyContact": """mutation {
        verifyContact(input: { contactId: "$contact", code: "1" }) { __typename } }""",
    "removeContact": """mutation {
        removeContact(input: { contactId: "$contact" }) { __typename } }""",
    "setPin": 'mutation { setPin(input: { pin: "1" }) { __typename } }',
    "changePin": 'mutation { changePin(input: { currentPin: "1", newPin: "1" }) { __typename } }',
    "signIn": 'mutation { signIn(input: { name: "ada", password: "x" }) { __typename } }',
    "refreshSession": 'mutation { refreshSession(input: { refreshToken: "x" }) { __typename } }',
    **SESSION_WORDS,
    "openWallet": 'mutation { openWallet(input: { currency: "JPY" }) { __typename } }',
    "freezePayments": "mutation { freezePayments { person { id } } }",
    "unfreezePayments": "mutation { unfreezePayments { __typename } }",
    "closeWallet": 'mutation { closeWallet(input: { walletId: "$wallet" }) { __typename } }',
    "closeAccount": "mutation { closeAccount { __typename } }",
    "requestVerification": """mutation { requestVerification(input: { level: 2,
        fullName: "A", idNumber: "A123", paperIds: ["$paper"] }) { __typename } }""",
    "requestExport": "mutation { requestExport { __typename } }",
    "setOwnLimit": f"""mutation {{
        setOwnLimit(input: {{ walletId: "$wallet", kind: DAY, {_AMOUNT} }}) {{ __typename }} }}""",
    "withdrawOwnLimitRaise": """mutation {
        withdrawOwnLimitRaise(input: { walletId: "$wallet", kind: DAY }) { __typename } }""",
    "claimableTransfers": "{ claimableTransfers { id } }",
    "claimTransfer": """mutation { claimTransfer(input: { transferId: "$transfer",
        walletId: "$wallet", idempotencyKey: "k" }) { __typename } }""",
    "bankAccounts": "{ bankAccounts { id } }",
    "addBankAccount": """mutation { addBankAccount(input: { merchantId: "$merchant", holder: "Ada",
        currency: "EUR", details: { bankAccount: { number: "12345678", country: "US" } } })
        { __typename } }""",
    "verifyBankAccount": """mutation { verifyBankAccount(input: { bankAccountId: "$bankAccount",
        amount: { amountMinor: 17, currency: "CNY" } }) { __typename } }""",
    "removeBankAccount": """mutation {
        removeBankAccount(input: { bankAccountId: "$bankAccount" }) { __typename } }""",
    "createReceiveCode": """mutation {
        createReceiveCode(input: { walletId: "$wallet" }) { __typename } }""",
    "replaceReceiveCode": """mutation {
        replaceReceiveCode(input: { walletId: "$wallet" }) { __typename } }""",
    "topUp": f"""mutation {{ topUp(input: {{
        walletId: "$wallet", {_AMOUNT}, idempotencyKey: "k" }}) {{ __typename }} }}""",
    "prepareTransfer": f"""mutation {{ prepareTransfer(input: {{
        walletId: "$wallet", payee: {{ accountName: "bob" }}, {_AMOUNT} }}) {{ __typename }} }}""",
    "confirmTransfer": """mutation { confirmTransfer(input: { quoteId: "$quote",
        challengeId: "$challenge", proof: { pin: "1" }, idempotencyKey: "c" }) { __typename } }""",
    "prepareWithdrawal": f"""mutation {{ prepareWithdrawal(input: {{
        walletId: "$wallet", bankAccountId: "$bankAccount", {_AMOUNT} }}) {{ __typename }} }}""",
    "confirmWithdrawal": """mutation { confirmWithdrawal(input: { quoteId: "$withdrawalQuote",
        challengeId: "$withdrawalChallenge", proof: { pin: "1" }, idempotencyKey: "w" }) {
        __typename } }""",
    "cancelWithdrawal": """mutation { cancelWithdrawal(input: {
        withdrawalId: "$withdrawal", idempotencyKey: "wb" }) { __typename } }""",
    "sendChallengeCode": """mutation {
        sendChallengeCode(input: { challengeId: "$challenge" }) { __typename } }""",
    "cancelTransfer": """mutation { cancelTransfer(input: {
        transferId: "$transfer", idempotencyKey: "back" }) { __typename } }""",
    "walletEvents": 'subscription { walletEvents(walletId: "$wallet", after: 9) { __typename } }',
    "movementUpdated": 'subscription { movementUpdated(id: "$transfer", after: 9) { __typename } }',
    "signOut": "mutation { signOut { endedAt } }",
}
DESK_WORDS: Final = {
    "merchants": "{ merchants(status: null) { edges { node { id } } } }",
    "merchant": '{ merchant(id: "$merchant", reason: "It is due") { __typename } }',
    "decideMerchant": """mutation { decideMerchant(input: { merchantId: "$merchant",
        decision: ACCEPT, reason: "A real shop" }) { __typename } }""",
    "suspendMerchant": """mutation { suspendMerchant(input: {
        merchantId: "$merchant", reason: "Complaints" }) { __typename } }""",
    "reinstateMerchant": """mutation { reinstateMerchant(input: {
        merchantId: "$merchant", reason: "Settled" }) { __typename } }""",
    "merchantFees": '{ merchantFees(merchantId: "$merchant", currency: "CNY") { since } }',
    "setMerchantFee": """mutation { setMerchantFee(input: { currency: "CNY", fixedMinor: 1,
        ratePpm: 1, payer: MERCHANT, reason: "As agreed" }) { __typename } }""",
    "reconciliations": "{ reconciliations { edges { node { id } } } }",
    "runReconciliation": """mutation { runReconciliation(input: { day: "2026-01-01",
        reason: "It was late" }) { __typename } }""",
    "cases": "{ cases { edges { node { id } } } }",
    "closeCase": """mutation { closeCase(input: { caseId: "cas_00000000000000000000000000000000",
        outcome: NOTHING_WRONG, reason: "Looked" }) { __typename } }""",
    "riskCases": "{ riskCases { edges { node { id } } } }",
    "riskCase": '{ riskCase(id: "$case", reason: "It is due") { __typename } }',
    "decideRiskCase": """mutation { decideRiskCase(input: { caseId: "$case", decision: APPROVED,
        outcome: FALSE_POSITIVE, reason: "She called" }) { __typename } }""",
    **FACTOR_WORDS,
    "clientVersions": "{ clientVersions { minimum } }",
    "setClientVersion": """mutation { setClientVersion(input: {
        platform: IOS, minimum: "1", recommended: "1", notesZh: "x", notesEn: "x",
        url: "https://example.org", reason: "Old" }) { __typename } }""",
    "factorLosses": "{ factorLosses { edges { cursor } } }",
    "decideFactorLoss": """mutation { decideFactorLoss(input: {
        lossId: "los_00000000000000000000000000000000", decision: REFUSE, reason: "Not her"
        }) { __typename } }""",
    **PASSKEY_WORDS,
    **PASSWORD_WORDS,
    "me": "{ me { id } }",
    "findCustomer": """{
        findCustomer(by: { accountName: "ada" }, reason: "She called") { __typename } }""",
    "movement": '{ movement(id: "$transfer", reason: "She called") { __typename } }',
    "signIn": 'mutation { signIn(input: { name: "lin", password: "x" }) { __typename } }',
    "refreshSession": 'mutation { refreshSession(input: { refreshToken: "x" }) { __typename } }',
    **SESSION_WORDS,
    "freezeCustomer": """mutation {
        freezeCustomer(input: { customerId: "$customer", reason: "Lost" }) { __typename } }""",
    "unfreezeCustomer": """mutation {
        unfreezeCustomer(input: { customerId: "$customer", reason: "Found" }) { __typename } }""",
    "verificationRequests": "{ verificationRequests { edges { node { id } } } }",
    "verificationRequest": """{ verificationRequest(
        id: "$verification", reason: "She asked") { __typename } }""",
    "decideVerification": """mutation { decideVerification(input: { requestId: "$verification",
        decision: REFUSE, reason: "Blurred" }) { __typename } }""",
    "signOut": "mutation { signOut { endedAt } }",
}

Ids = dict[str, str]


@dataclass(frozen=True)
class Cast:
    """Those who ask, in the order of the columns, and the ids of what belongs to the owner."""

    ada: Resident
    bob: Resident
    tokens: list[str | None]
    ids: Ids


@pytest.fixture
async def cast(resident: Moving, clock: Clock) -> Cast:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    lin = await factories.person("lin", role=Role.AGENT)
    desk = await factories.session(lin, Audience.DESK, clock())
    ended = await factories.session(ada.person, Audience.PUBLIC, clock())
    await sessions.sign_out(ended.session.id, clock())
    tokens = [ada.tokens.access, desk.tokens.access, ended.tokens.access]
    return Cast(ada, bob, [None, bob.tokens.access, *tokens], await _ids(ada, clock))


async def _ids(ada: Resident, clock: Clock) -> Ids:
    """One of everything that has an id and belongs to ada."""
    waiting = await confirm(ada, await prepared(ada, "bob", 10, arrival="TWO_HOURS"))
    quoted = await prepared(ada, "bob", 20)
    contact = await contacts.add(ada.person.id, ContactKind.EMAIL, "ada@example.org", clock())
    await contacts.send_code(ada.person.id, contact.id, clock())
    elsewhere = await factories.session(ada.person, Audience.PUBLIC, clock(), device=Shown())
    assert elsewhere.session.device_id is not None
    [passkey] = await owns(ada)
    asked = await showing.asked(ada.person, level=1, now=clock())
    paper = await showing.paper(ada.person, now=clock())
    inquiry, case = await risks.questioned(ada.wallet, clock())
    tea = await factories.merchant(ada.person)
    zoe = await factories.person("zoe")
    member = await factories.member(tea, zoe, MemberRole.CASHIER)
    key = await factories.key(tea)
    order = await factories.order(tea, capture=Capture.LATER)
    payment = await factories.payment(order, await factories.wallet(zoe, holds=1_000))
    corner = await factories.order(await factories.merchant(zoe, "Corner Shop"), 10)
    to_pay = await tills.prepared(ada, corner.number)
    return {
        **await _withdrawal_ids(ada),
        "merchant": f"mer_{tea.id.hex}",
        "order": f"ord_{order.id.hex}",
        "payment": f"pay_{payment.movement_id.hex}",
        "paymentQuote": to_pay["quoteId"],
        "paymentChallenge": to_pay["challengeId"],
        "moneyRequest": f"mrq_{(await acquaintances.asked_of(ada.person, zoe)).id.hex}",
        "favourite": f"fav_{(await acquaintances.kept(ada.person, zoe)).id.hex}",
        "blocked": f"pty_{(await acquaintances.blocked(ada.person, zoe)).blocked_id.hex}",
        "settlement": f"stl_{(await factories.settlement(tea)).id.hex}",
        "member": f"mem_{member.id.hex}",
        **await _refund_ids(ada, tea, zoe, clock),
        **await _code_ids(ada, tea, clock),
        "apiKey": f"key_{(await ApiKey.get(digest=actors.digest(key))).id.hex}",
        "event": f"mev_{(await hooks.event(tea)).id.hex}",
        "webhook": f"whe_{(await hooks.endpoint(tea)).id.hex}",
        "removed": f"whe_{(await hooks.endpoint(tea)).id.hex}",
        "bankAccount": f"bnk_{(await factories.bank_account(ada.person)).id.hex}",
        "inquiry": f"inq_{inquiry.id.hex}",
        "case": f"rsk_{case.id.hex}",
        "session": f"ses_{elsewhere.session.id.hex}",
        "device": f"dev_{elsewhere.session.device_id.hex}",
        "verification": f"ver_{asked.id.hex}",
        "paper": f"pap_{paper.id.hex}",
        "passkey": f"pky_{passkey.id.hex}",
        "customer": f"cus_{ada.person.id.hex}",
        "contact": f"con_{contact.id.hex}",
        "wallet": ada.wallet_id,
        "transfer": waiting["transfer"]["id"],
        "quote": quoted["quoteId"],
        "challenge": quoted["challengeId"],
    }


async def _refund_ids(ada: Resident, tea: Merchant, zoe: Person, clock: Clock) -> Ids:
    """What zoe asks of the tea house; and what ada bought elsewhere, and asks for."""
    stall = await factories.merchant(zoe, "Stall")
    made: Ids = {}
    for name, shop, payer in (("refund", tea, zoe), ("requested", stall, ada.person)):
        await factories.merchant_account(shop, "JPY")
        wallet = await factories.wallet(payer, currency="JPY", holds=500)
        payment = await factories.payment(await factories.order(shop, 500, currency="JPY"), wallet)
        wish = refunds.Wish(payment_id=payment.movement_id, reason=RefundReason.OTHER, amount=100)
        asked = await refunds.request(wish, by=payer.id, now=clock())
        made |= {name: f"rfd_{asked.id.hex}", "bought": f"pay_{payment.movement_id.hex}"}
    return made


async def _code_ids(ada: Resident, tea: Merchant, clock: Clock) -> Ids:
    hung = await merchant_codes.create(
        merchant_id=tea.id, currency="CNY", store="", till="", now=clock()
    )
    by = factories.identity(ada.person, UUID(ada.session_id))
    shown = await payment_codes.issue(by=by, wallet_id=ada.wallet.id, address="", now=clock())
    return {
        "merchantCode": f"mco_{hung.id.hex}",
        "paymentCode": f"pco_{shown.code.id.hex}",
    }


async def _withdrawal_ids(ada: Resident) -> Ids:
    account = await factories.bank_account(ada.person)
    provider_orders.install("bank")
    started = await withdrawing.confirm(ada, await withdrawing.prepared(ada, account, 5))
    quoted = await withdrawing.prepared(ada, account, 5)
    provider_orders.install(None)
    return {
        "withdrawal": started["withdrawal"]["id"],
        "withdrawalQuote": quoted["quoteId"],
        "withdrawalChallenge": quoted["challengeId"],
    }


def test_every_root_field_of_both_apis_has_a_row_and_words_to_ask_it() -> None:
    public = _root_fields(public_schema)
    desk = _root_fields(desk_schema)

    assert sorted(PUBLIC) == sorted(PUBLIC_WORDS) == public
    assert sorted(DESK) == sorted(DESK_WORDS) == desk


async def test_everybody_gets_from_the_public_api_what_the_table_says(
    app: Starlette, cast: Cast
) -> None:
    async with served(app) as address:
        said = {
            field: tuple([await _said(app, address, token, words, cast) for token in cast.tokens])
            for field, words in PUBLIC_WORDS.items()
        }

    assert said == PUBLIC


async def test_programs_get_what_the_table_says_and_else_what_nobody_gets(
    app: Starlette, cast: Cast
) -> None:
    tea = await Merchant.get(owner_id=cast.ada.person.id)
    other = await factories.merchant(cast.bob.person, "Book Shop")
    keys = [
        await factories.key(tea),
        await factories.key(tea, Scope.READ),
        await factories.key(other),
    ]
    expected = {
        field: MERCHANT.get(field, tuple([row[0]] * len(keys))) for field, row in PUBLIC.items()
    }

    async with served(app) as address:
        said = {
            field: tuple([await _said(app, address, key, words, cast) for key in keys])
            for field, words in PUBLIC_WORDS.items()
        }

    assert set(MERCHANT) <= set(PUBLIC)
    assert said == expected


async def test_a_key_opens_nothing_at_the_desk(app: Starlette, cast: Cast) -> None:
    tea = await Merchant.get(owner_id=cast.ada.person.id)
    program = Asker(app, path="/desk/graphql", token=await factories.key(tea))

    said = {
        field: _code(await program.answer(_filled(words, cast.ids)))
        for field, words in DESK_WORDS.items()
    }

    assert said == {field: row[0] for field, row in DESK.items()}


async def test_everybody_gets_from_the_desk_what_the_table_says(app: Starlette, cast: Cast) -> None:
    askers = [Asker(app, path="/desk/graphql", token=token) for token in cast.tokens]

    said = {
        field: tuple([_code(await asker.answer(_filled(words, cast.ids))) for asker in askers])
        for field, words in DESK_WORDS.items()
    }

    assert said == DESK


async def test_what_belongs_to_another_looks_exactly_like_what_is_not_there(
    app: Starlette, cast: Cast
) -> None:
    nowhere = {name: f"{id.partition('_')[0]}_{new_id().hex}" for name, id in cast.ids.items()}
    nonsense = dict.fromkeys(cast.ids, "what is this")

    for field in _hidden(PUBLIC):
        words = PUBLIC_WORDS[field]
        foreign = await _answer(app, cast.bob, _filled(words, cast.ids))
        missing = await _answer(app, cast.bob, _filled(words, nowhere))
        unreadable = await _answer(app, cast.bob, _filled(words, nonsense))

        assert _code(foreign) == HIDDEN, field
        assert foreign == missing == unreadable, field


async def test_nobody_learns_whether_an_id_is_one_before_signing_in(
    app: Starlette, cast: Cast
) -> None:
    nonsense = dict.fromkeys(cast.ids, "what is this")
    doors = {"/graphql": (PUBLIC, PUBLIC_WORDS), "/desk/graphql": (DESK, DESK_WORDS)}

    said = {
        (path, field): _code(await Asker(app, path=path).answer(_filled(words[field], nonsense)))
        for path, (table, words) in doors.items()
        for field, row in table.items()
        if row[0] == WHO and not words[field].startswith("subscription")
    }

    assert set(said.values()) == {WHO}


async def test_the_desk_answers_for_its_own_people_as_for_people_that_are_not_there(
    app: Starlette, cast: Cast
) -> None:
    lin = Asker(app, path="/desk/graphql", token=cast.tokens[3])
    mia = await factories.person("mia", role=Role.SUPERVISOR)

    for field in ("freezeCustomer", "unfreezeCustomer"):
        words = DESK_WORDS[field]
        colleague = await lin.answer(_filled(words, {"customer": f"cus_{mia.id.hex}"}))
        missing = await lin.answer(_filled(words, {"customer": f"cus_{new_id().hex}"}))
        person_id = await lin.answer(_filled(words, {"customer": f"per_{cast.ada.person.id.hex}"}))

        assert _code(colleague) == HIDDEN
        assert colleague == missing == person_id


async def test_asking_about_what_belongs_to_another_changes_nothing(
    app: Starlette, cast: Cast
) -> None:
    for field in _hidden(PUBLIC):
        await _answer(app, cast.bob, _filled(PUBLIC_WORDS[field], cast.ids))

    transfers = await Movement.filter(kind=MovementKind.TRANSFER)
    assert [each.status for each in transfers] == ["pending"]
    assert [each.verified_at for each in await Contact.all()] == [None]
    assert await factories.balances(cast.ada.wallet, cast.bob.wallet) == [1_000, 0]


async def test_anothers_idempotency_key_answers_like_one_that_was_never_used(
    app: Starlette, cast: Cast
) -> None:
    words = '{ movementByKey(key: "key-1") { id } }'

    adas = await cast.ada.asker.data(words)

    assert adas == {"id": cast.ids["transfer"]}
    assert await cast.bob.asker.data(words) is None
    assert await cast.bob.asker.data('{ movementByKey(key: "\\u0000") { id } }') is None


async def test_no_input_says_what_a_person_is_or_has(app: Starlette) -> None:
    words = """mutation { register(input: { accountName: "eve", displayName: "Eve",
        email: "eve@example.org", password: "correct horse battery 1", %s }) { __typename } }"""

    for extra in ("role: ADMIN", "freezeLevel: 0", "balance: 1", "isVerified: true"):
        assert await Asker(app).code(words % extra) == "DOCUMENT_INVALID"

    assert await Contact.all().count() == 0


def _root_fields(schema: Any) -> list[str]:
    core = schema._schema
    roots = (core.query_type, core.mutation_type, core.subscription_type)
    return sorted(field for root in roots if root is not None for field in root.fields)


def _hidden(table: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Fields of HTTP that another person may not ask about the owner's things."""
    return [
        field
        for field, row in table.items()
        if row[1] == HIDDEN and not PUBLIC_WORDS[field].startswith("subscription")
    ]


def _filled(words: str, ids: Ids) -> str:
    return Template(words).safe_substitute(ids)


def _code(answer: dict[str, Any]) -> str:
    if "errors" not in answer:
        return OK
    [error] = answer["errors"]
    code: str = error["extensions"]["code"]
    return code


async def _answer(app: Starlette, resident: Resident, words: str) -> dict[str, Any]:
    return await Asker(app, token=resident.tokens.access).answer(words)


async def _said(app: Starlette, address: str, token: str | None, words: str, cast: Cast) -> str:
    filled = _filled(words, cast.ids)
    if not words.startswith("subscription"):
        return _code(await Asker(app, token=token).answer(filled))
    try:
        async with Listener.open(address, token, filled) as listener:
            return _code((await listener.message())["payload"])
    except ConnectionClosed as closed:
        return str(closed.rcvd.code) if closed.rcvd else "cut"
