"""Problems around payments that are looked at twice."""

from __future__ import annotations

import strawberry

from domain import inquiries, risk, risk_cases
from schema.problems.base import Problem, names


@names(risk.PaymentDeclined, code="RISK_DECLINED")
@strawberry.type(
    description="The payment cannot be made for safety reasons; which ones is not told. Offer the "
    "way to support, and do not ask again."
)
class PaymentDeclined(Problem):
    pass


@names(risk_cases.CaseClosed, code="RISK_CASE_CLOSED", field="caseId")
@strawberry.type(
    description="An agent was faster, the day is over, or the payer took the payment back."
)
class RiskCaseClosed(Problem):
    pass


@names(inquiries.InquiryClosed, code="INQUIRY_CLOSED", field="inquiryId")
@strawberry.type(description="It was answered before, or its day is over.")
class InquiryClosed(Problem):
    pass
