"""Problems around the proof of a payment."""

from __future__ import annotations

import strawberry

from domain import challenges
from schema.problems.base import Problem, names


@names(challenges.ProofTooWeak, code="PROOF_TOO_WEAK", field="proof")
@strawberry.type(description="This payment asks for more than a PIN: see the challenge's methods.")
class ProofTooWeak(Problem):
    pass


@names(challenges.ProofWrong, code="PROOF_WRONG", field="proof")
@strawberry.type(description="The PIN or the code is wrong; which one is not said.")
class ProofWrong(Problem):
    pass


@names(challenges.CodeInApp, code="CODE_IN_APP", field="challengeId")
@strawberry.type(description="Nothing is sent: the authenticator app shows the code.")
class CodeInApp(Problem):
    pass
