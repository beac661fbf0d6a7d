"""What subscriptions to payments carry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.events import StreamHeartbeat, StreamReset
from schema.merchant_payments import MerchantPayment
from schema.money import Sequence
from schema.movements import MovementStatus


@strawberry.type(description="A payment was authorised, captured, given back, refunded, or failed.")
class PaymentChanged:
    seq: Sequence = strawberry.field(
        description="The number of this event in its stream; keep it to resume after it."
    )
    at: datetime
    status: MovementStatus = strawberry.field(
        description="Where its movement stood at this event; a refund leaves that as it is."
    )
    payment: MerchantPayment = strawberry.field(description="The payment as it is now.")


PaymentEvent = Annotated[
    PaymentChanged | StreamReset | StreamHeartbeat,
    strawberry.union("PaymentEvent", description="What a payment's stream carries."),
]
