-- What merchants pay for being paid, and how what they took is brought to them.

-- A fee of `fixed` minor units and `rate` millionths of the amount. Rows are only ever added: the newest that
-- was in force when a payment was made is the payment's. Without a merchant it is everybody's.
CREATE TABLE merchant_fees (
    id          uuid PRIMARY KEY,
    merchant_id uuid REFERENCES merchants (id),
    currency    text NOT NULL CONSTRAINT merchant_fees_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    fixed       bigint NOT NULL CONSTRAINT merchant_fees_fixed_fits CHECK (fixed BETWEEN 0 AND 1000000),
    rate        int NOT NULL CONSTRAINT merchant_fees_rate_fits CHECK (rate BETWEEN 0 AND 200000),   -- at most a fifth
    payer       text NOT NULL CONSTRAINT merchant_fees_payer_is_known CHECK (payer IN ('merchant', 'customer')),
    since       timestamptz NOT NULL,
    set_by      uuid NOT NULL REFERENCES people (id),
    set_at      timestamptz NOT NULL,
    CONSTRAINT merchant_fees_begin_later CHECK (since >= set_at)
);
CREATE INDEX merchant_fees_merchant_idx ON merchant_fees (merchant_id, currency, since);

-- A settlement is a run of an account's entries, (from_version, to_version]; entries are numbered without
-- gaps, so each is in exactly one. All amounts are minor units.
CREATE TABLE merchant_settlements (
    id            uuid PRIMARY KEY,
    merchant_id   uuid NOT NULL REFERENCES merchants (id),
    account_id    uuid NOT NULL REFERENCES accounts (id),
    currency      text NOT NULL,
    day           date NOT NULL,            -- the last one in it, in UTC
    from_version  bigint NOT NULL,
    to_version    bigint NOT NULL,
    opening       bigint NOT NULL,
    captured      bigint NOT NULL CONSTRAINT merchant_settlements_captured_not_negative CHECK (captured >= 0),
    refunded      bigint NOT NULL CONSTRAINT merchant_settlements_refunded_not_negative CHECK (refunded >= 0),
    paid_out      bigint NOT NULL CONSTRAINT merchant_settlements_paid_out_not_negative CHECK (paid_out >= 0),
    other         bigint NOT NULL,          -- corrections, and payouts that a bank sent back
    fees_due      bigint NOT NULL CONSTRAINT merchant_settlements_fees_due_not_negative CHECK (fees_due >= 0),
    fees          bigint NOT NULL CONSTRAINT merchant_settlements_fees_not_negative CHECK (fees >= 0),
    closing       bigint NOT NULL,
    payout        bigint NOT NULL CONSTRAINT merchant_settlements_payout_not_negative CHECK (payout >= 0),
    fee_id        uuid REFERENCES movements (id),
    payout_id     uuid CONSTRAINT merchant_settlements_payout_key UNIQUE REFERENCES movements (id),
    created_at    timestamptz NOT NULL,
    CONSTRAINT merchant_settlements_day_key UNIQUE (account_id, day),
    CONSTRAINT merchant_settlements_run_forward CHECK (to_version >= from_version),
    CONSTRAINT merchant_settlements_take_what_is_due CHECK (fees <= fees_due),
    CONSTRAINT merchant_settlements_add_up CHECK (closing = opening + captured - refunded - paid_out + other - fees)
);
CREATE INDEX merchant_settlements_merchant_idx ON merchant_settlements (merchant_id, created_at DESC, id DESC);

-- What a provider said it booked on a day, and how that differs from our books.
CREATE TABLE statements (
    id         uuid PRIMARY KEY,
    provider   text NOT NULL,
    day        date NOT NULL,
    rows_read  int NOT NULL,
    fetched_at timestamptz NOT NULL
);
CREATE INDEX statements_day_idx ON statements (day DESC, fetched_at DESC, id DESC);

-- Its lines, so that what was booked on one day is known on the next. Fetched again, a day has other lines.
CREATE TABLE statement_lines (
    id           uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES statements (id),
    provider     text NOT NULL,
    day          date NOT NULL,
    reference    text NOT NULL,             -- the provider's own number for the booking
    order_id     uuid,                      -- ours, where the provider names it
    kind         text NOT NULL CONSTRAINT statement_lines_kind_is_known
                 CHECK (kind IN ('charge', 'payout', 'reversal', 'return')),
    amount       bigint NOT NULL,           -- minor units of the currency
    fee          bigint NOT NULL,
    currency     text NOT NULL,
    booked_at    timestamptz NOT NULL
);
CREATE INDEX statement_lines_day_idx ON statement_lines (provider, day);
CREATE INDEX statement_lines_order_idx ON statement_lines (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE statement_differences (
    id           uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES statements (id),
    provider     text NOT NULL,
    day          date NOT NULL,
    kind         text NOT NULL CONSTRAINT statement_differences_kind_is_known
                 CHECK (kind IN ('missing', 'extra', 'doubled', 'changed')),
    reference    text NOT NULL,             -- the order's id, or the provider's own for what we do not know
    movement_id  uuid REFERENCES movements (id),
    expected     text NOT NULL,
    found        text NOT NULL,
    at           timestamptz NOT NULL,
    CONSTRAINT statement_differences_once_key UNIQUE (provider, day, kind, reference)
);
CREATE INDEX statement_differences_statement_idx ON statement_differences (statement_id);
