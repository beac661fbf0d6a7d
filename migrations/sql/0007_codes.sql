-- Codes that merchants show, and codes that customers show them.

-- A code that hangs at a till: it names no amount, and lasts until it is replaced.
CREATE TABLE merchant_codes (
    id          uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants (id),
    currency    text NOT NULL,
    store       text NOT NULL CONSTRAINT merchant_codes_store_has_length CHECK (length(store) <= 25),
    till        text NOT NULL CONSTRAINT merchant_codes_till_has_length CHECK (length(till) <= 25),
    token       text NOT NULL CONSTRAINT merchant_codes_token_key UNIQUE
                CONSTRAINT merchant_codes_token_is_base32 CHECK (token ~ '^[A-Z2-7]{16}$'),
    created_at  timestamptz NOT NULL,
    made_at     timestamptz NOT NULL,          -- when it got the token it has
    CONSTRAINT merchant_codes_key UNIQUE (merchant_id, currency, store, till)
);

-- How much one payer may pay by such codes in one of their days, in minor units: whoever sticks their own
-- over them gets no more than that. In China the regulator says 500.00 for codes that anybody can copy;
-- elsewhere it is a like sum. The ledger and whoever prepares a payment both read it here.
CREATE FUNCTION static_code_day(currency text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE currency WHEN 'CNY' THEN 50000 WHEN 'EUR' THEN 6250 WHEN 'GBP' THEN 5000 WHEN 'HKD' THEN 50000
                         WHEN 'JPY' THEN 10000 WHEN 'KWD' THEN 20000 WHEN 'SGD' THEN 10000 WHEN 'USD' THEN 7500
                         ELSE 0 END::bigint
$$;

-- What left a wallet by such codes on its owner's day, or later: a wallet's day never goes back.
CREATE FUNCTION static_code_spent(wallet_id uuid, today date, since timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(m.amount), 0)::bigint
    FROM movements m
    CROSS JOIN LATERAL (SELECT p.order_id FROM payments p WHERE p.movement_id = m.id OFFSET 0) p
    CROSS JOIN LATERAL (SELECT o.origin FROM orders o WHERE o.id = p.order_id OFFSET 0) o
    WHERE m.source_id = wallet_id AND m.created_at >= since AND m.counted_on >= today
        AND m.kind = 'merchant_payment' AND m.status NOT IN ('failed', 'cancelled') AND o.origin = 'static_code'
$$;

-- Whom among `ords` an order refuses, which is locked. Those who pay by a code without an amount are
-- counted besides: their wallets are locked, so what others are paying at this moment is counted too. Of
-- several in one batch each counts those before it, whether or not they come to anything.
CREATE FUNCTION ledger_unpayable(commands ledger_command[], ords int[])
RETURNS TABLE (ord int, code text) LANGUAGE sql STABLE AS $$
    SELECT ord, code FROM (
        SELECT c.ord,
               CASE WHEN o.id IS NULL THEN 'ORDER_CLOSED'   -- which is not there
                    WHEN o.status = 'paid' THEN 'ORDER_PAID'
                    -- An order that its time has closed is as expired as before; see orders.standing.
                    WHEN o.paid_by IS NULL AND o.expires_at <= coalesce(o.closed_at, c.at) THEN 'ORDER_EXPIRED'
                    WHEN o.status = 'closed' THEN 'ORDER_CLOSED'
                    WHEN m.status <> 'accepting' THEN 'MERCHANT_UNAVAILABLE'
                    WHEN o.origin = 'static_code' AND (
                        static_code_spent(
                            c.source_id,
                            (c.at AT TIME ZONE (SELECT p.time_zone FROM people p WHERE p.id = c.person_id))::date,
                            c.at - interval '2 days'
                        ) + (
                            SELECT sum(b.amount) FROM unnest(commands) b
                            CROSS JOIN LATERAL (SELECT w.origin FROM orders w WHERE w.id = b.order_id OFFSET 0) w
                            WHERE b.source_id = c.source_id AND b.ord <= c.ord AND b.ord = ANY (ords)
                                AND w.origin = 'static_code'
                        ) > static_code_day(c.currency)
                    ) THEN 'LIMIT_QR_STATIC'
               END AS code
        FROM unnest(commands) c
        LEFT JOIN LATERAL (SELECT * FROM orders o WHERE o.id = c.order_id OFFSET 0) o ON true
        LEFT JOIN LATERAL (SELECT m.status FROM merchants m WHERE m.id = o.merchant_id OFFSET 0) m ON true
        WHERE c.ord = ANY (ords) AND c.order_id IS NOT NULL
    ) c WHERE code IS NOT NULL
$$;

-- Who lets small sums be paid with a code alone, and how often that happened on one of their days.
CREATE TABLE code_payers (
    person_id uuid PRIMARY KEY REFERENCES people (id),
    since     timestamptz NOT NULL,
    used_on   date,
    used      int NOT NULL DEFAULT 0 CONSTRAINT code_payers_used_not_negative CHECK (used >= 0)
);

-- A code that a customer shows: eighteen digits for a minute or two, of which only a keyed MAC is kept.
CREATE TABLE payment_codes (
    id          uuid PRIMARY KEY,
    mac         bytea NOT NULL CONSTRAINT payment_codes_mac_key UNIQUE
                CONSTRAINT payment_codes_mac_is_whole CHECK (length(mac) = 32),
    person_id   uuid NOT NULL REFERENCES people (id),
    session_id  uuid NOT NULL,
    device_id   uuid,
    address     text NOT NULL,                 -- from where it was asked for
    wallet_id   uuid NOT NULL REFERENCES accounts (id),
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,          -- by when it must be scanned
    merchant_id uuid REFERENCES merchants (id),
    key         text,                          -- of the merchant who scanned it
    key_digest  bytea,
    order_id    uuid REFERENCES orders (id) CONSTRAINT payment_codes_order_key UNIQUE,
    charged_at  timestamptz,
    declined_at timestamptz,
    stream_seq  bigint NOT NULL DEFAULT 0,
    CONSTRAINT payment_codes_charge_key UNIQUE (merchant_id, key),
    CONSTRAINT payment_codes_charged_whole CHECK (
        num_nulls(merchant_id, key, key_digest, order_id, charged_at) IN (0, 5)
    ),
    CONSTRAINT payment_codes_declined_when_charged CHECK (declined_at IS NULL OR charged_at IS NOT NULL)
);
CREATE INDEX payment_codes_person_idx ON payment_codes (person_id, expires_at);

-- How often a merchant showed a code that is none, within the window that `began_at` opens.
CREATE TABLE code_guards (
    merchant_id uuid PRIMARY KEY REFERENCES merchants (id),
    wrong_tries int NOT NULL CONSTRAINT code_guards_tries_not_negative CHECK (wrong_tries >= 0),
    began_at    timestamptz NOT NULL
);
