-- Money of payments that goes back: what merchants give, what customers ask for, and each step of it.

CREATE TABLE refunds (
    id              uuid PRIMARY KEY,
    payment_id      uuid NOT NULL REFERENCES payments (movement_id),
    merchant_id     uuid NOT NULL REFERENCES merchants (id),
    amount          bigint NOT NULL CONSTRAINT refunds_amount_is_positive CHECK (amount > 0),
    currency        text NOT NULL,
    reason          text NOT NULL CONSTRAINT refunds_reason_is_known CHECK
                    (reason IN ('cancelled', 'not_received', 'not_as_described', 'wrong_amount', 'duplicate',
                                'other', 'order_paid_twice')),
    note            text NOT NULL DEFAULT ''            -- of whoever began it
                    CONSTRAINT refunds_note_has_length CHECK (length(note) <= 140),
    answer          text NOT NULL DEFAULT ''            -- the merchant's, to a request that it rejects
                    CONSTRAINT refunds_answer_has_length CHECK (length(answer) <= 140),
    origin          text NOT NULL CONSTRAINT refunds_origin_is_known CHECK
                    (origin IN ('merchant', 'customer', 'automatic')),
    status          text NOT NULL CONSTRAINT refunds_status_is_known CHECK
                    (status IN ('requested', 'rejected', 'withdrawn', 'pending', 'succeeded', 'failed')),
    version         int NOT NULL DEFAULT 1 CONSTRAINT refunds_version_is_positive CHECK (version > 0),
    movement_id     uuid REFERENCES movements (id),     -- of the latest try
    failure_code    text,
    failure_missing bigint,                             -- how far the merchant's funds fell short
    created_at      timestamptz NOT NULL,
    settled_at      timestamptz,
    CONSTRAINT refunds_fail_with_a_reason CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
    CONSTRAINT refunds_move_by_a_movement CHECK
        ((status IN ('pending', 'succeeded', 'failed')) = (movement_id IS NOT NULL)),
    CONSTRAINT refunds_settle_when_over CHECK
        ((status IN ('rejected', 'withdrawn', 'succeeded')) = (settled_at IS NOT NULL))
);
-- A payer waits for one answer at a time.
CREATE UNIQUE INDEX refunds_requested_key ON refunds (payment_id) WHERE status = 'requested';
CREATE INDEX refunds_payment_idx ON refunds (payment_id, created_at, id);
CREATE INDEX refunds_merchant_idx ON refunds (merchant_id, created_at DESC, id DESC);

-- What a refund became, and who made it so: a person, a program by its key, or nobody when uPay did.
CREATE TABLE refund_steps (
    id           uuid PRIMARY KEY,
    refund_id    uuid NOT NULL REFERENCES refunds (id),
    place        int NOT NULL CONSTRAINT refund_steps_place_is_positive CHECK (place > 0),
    status       text NOT NULL,
    movement_id  uuid CONSTRAINT refund_steps_movement_key UNIQUE REFERENCES movements (id),
    person_id    uuid REFERENCES people (id),
    api_key_id   uuid REFERENCES api_keys (id),
    at           timestamptz NOT NULL,
    CONSTRAINT refund_steps_key UNIQUE (refund_id, place)
);
