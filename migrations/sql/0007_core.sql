-- Merchants and what is paid to them: orders, payments, and the events they are told of.

-- A merchant is no person any more, but something people work for.
UPDATE people SET role = 'customer' WHERE role = 'merchant';
ALTER TABLE people DROP CONSTRAINT people_role_is_known;
ALTER TABLE people ADD CONSTRAINT people_role_is_known
    CHECK (role IN ('customer', 'agent', 'supervisor', 'admin'));

CREATE TABLE merchants (
    id          uuid PRIMARY KEY,
    number      text NOT NULL CONSTRAINT merchants_number_key UNIQUE
                CONSTRAINT merchants_number_is_digits CHECK (number ~ '^[0-9]{10}$'),
    name        text NOT NULL CONSTRAINT merchants_name_has_length CHECK (length(name) BETWEEN 1 AND 64),
    category    text NOT NULL CONSTRAINT merchants_category_is_iso CHECK (category ~ '^[0-9]{4}$'),  -- ISO 18245
    country     text NOT NULL CONSTRAINT merchants_country_is_iso CHECK (country ~ '^[A-Z]{2}$'),
    city        text NOT NULL CONSTRAINT merchants_city_has_length CHECK (length(city) BETWEEN 1 AND 64),
    status      text NOT NULL CONSTRAINT merchants_status_is_known
                CHECK (status IN ('applied', 'rejected', 'accepting', 'paused', 'closed')),
    owner_id    uuid NOT NULL REFERENCES people (id),   -- who answers for it
    applied_at  timestamptz NOT NULL,
    decided_at  timestamptz,
    decided_by  uuid REFERENCES people (id),
    reason      text,                                   -- of the decision, or of the last pause
    closed_at   timestamptz,
    CONSTRAINT merchants_close_when_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT merchants_are_decided CHECK ((status IN ('applied')) = (decided_at IS NULL))
);
CREATE INDEX merchants_owner_idx ON merchants (owner_id);
CREATE INDEX merchants_waiting_idx ON merchants (applied_at, id) WHERE status = 'applied';

-- Who works for a merchant, and as what; the owner is among them.
CREATE TABLE merchant_members (
    id          uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants (id),
    person_id   uuid NOT NULL REFERENCES people (id),
    role        text NOT NULL CONSTRAINT merchant_members_role_is_known
                CHECK (role IN ('owner', 'manager', 'cashier', 'viewer')),
    added_at    timestamptz NOT NULL,
    CONSTRAINT merchant_members_key UNIQUE (merchant_id, person_id)
);
CREATE INDEX merchant_members_person_idx ON merchant_members (person_id);

-- Only the digest of a key is kept; `hint` is its end, by which people tell keys apart.
CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    merchant_id  uuid NOT NULL REFERENCES merchants (id),
    name         text NOT NULL CONSTRAINT api_keys_name_has_length CHECK (length(name) BETWEEN 1 AND 64),
    digest       text NOT NULL CONSTRAINT api_keys_digest_key UNIQUE,
    hint         text NOT NULL,
    scopes       jsonb NOT NULL,
    made_by      uuid NOT NULL REFERENCES people (id),
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_keys_merchant_idx ON api_keys (merchant_id, created_at DESC, id DESC);

-- What uPay owes a merchant lies in an account of its own, one for each currency.
ALTER TABLE accounts
    ADD COLUMN merchant_id uuid REFERENCES merchants (id),
    DROP CONSTRAINT accounts_kind_is_known,
    ADD CONSTRAINT accounts_kind_is_known CHECK
        (kind IN ('wallet', 'merchant', 'provider_clearing', 'fees', 'suspense', 'in_transit', 'equity')),
    DROP CONSTRAINT accounts_wallets_have_a_floor,
    ADD CONSTRAINT accounts_wallets_have_a_floor CHECK (kind NOT IN ('wallet', 'merchant') OR floor IS NOT NULL),
    ADD CONSTRAINT accounts_merchants_are_named CHECK ((kind = 'merchant') = (merchant_id IS NOT NULL));
DROP INDEX accounts_house_key;
CREATE UNIQUE INDEX accounts_house_key ON accounts (kind, currency) WHERE owner_id IS NULL AND merchant_id IS NULL;
CREATE UNIQUE INDEX accounts_merchant_key ON accounts (merchant_id, currency) WHERE kind = 'merchant';

ALTER TABLE movements
    ADD COLUMN origin_id uuid REFERENCES movements (id),   -- the movement that this one answers
    DROP CONSTRAINT movements_kind_is_known,
    ADD CONSTRAINT movements_kind_is_known CHECK
        (kind IN ('transfer', 'top_up', 'adjustment', 'merchant_payment', 'refund', 'withdrawal', 'return',
                  'reversal', 'payout', 'fee'));
CREATE INDEX movements_origin_idx ON movements (origin_id) WHERE origin_id IS NOT NULL;

CREATE TABLE orders (
    id           uuid PRIMARY KEY,
    number       text NOT NULL CONSTRAINT orders_number_key UNIQUE
                 CONSTRAINT orders_number_is_digits CHECK (number ~ '^[0-9]{16}$'),
    merchant_id  uuid NOT NULL REFERENCES merchants (id),
    reference    text NOT NULL CONSTRAINT orders_reference_has_length CHECK (length(reference) BETWEEN 1 AND 64),
    amount       bigint NOT NULL CONSTRAINT orders_amount_fits CHECK (amount BETWEEN 1 AND 9007199254740991),
    currency     text NOT NULL,
    description  text NOT NULL DEFAULT '',
    origin       text NOT NULL CONSTRAINT orders_origin_is_known CHECK (origin IN ('api', 'static_code', 'payment_code')),
    capture      text NOT NULL CONSTRAINT orders_capture_is_known CHECK (capture IN ('now', 'later')),
    status       text NOT NULL CONSTRAINT orders_status_is_known CHECK (status IN ('open', 'paid', 'closed')),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    paid_by      uuid REFERENCES movements (id),
    paid_at      timestamptz,
    closed_at    timestamptz,
    CONSTRAINT orders_reference_key UNIQUE (merchant_id, reference),
    CONSTRAINT orders_paid_by_one CHECK ((paid_by IS NULL) = (paid_at IS NULL)),
    CONSTRAINT orders_paid_when_paid CHECK (status <> 'paid' OR paid_by IS NOT NULL),
    CONSTRAINT orders_close_when_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX orders_merchant_idx ON orders (merchant_id, created_at DESC, id DESC);

-- A movement that pays an order, with what became of it since; the ledger writes it. All in minor units.
-- The CHECK on refunds is the last line of defence: what went back never passes what was captured.
CREATE TABLE payments (
    movement_id      uuid PRIMARY KEY REFERENCES movements (id),
    order_id         uuid NOT NULL REFERENCES orders (id),
    merchant_id      uuid NOT NULL REFERENCES merchants (id),
    stream_id        uuid NOT NULL,
    stream_seq       bigint NOT NULL DEFAULT 1,
    authorized       bigint NOT NULL DEFAULT 0 CONSTRAINT payments_authorized_not_negative CHECK (authorized >= 0),
    captured         bigint NOT NULL DEFAULT 0 CONSTRAINT payments_captured_not_negative CHECK (captured >= 0),
    voided           bigint NOT NULL DEFAULT 0 CONSTRAINT payments_voided_not_negative CHECK (voided >= 0),
    refunded         bigint NOT NULL DEFAULT 0 CONSTRAINT payments_refunded_not_negative CHECK (refunded >= 0),
    refund_pending   bigint NOT NULL DEFAULT 0 CONSTRAINT payments_refund_pending_not_negative CHECK (refund_pending >= 0),
    capture_before   timestamptz,                  -- when what is authorised and not captured goes back
    created_at       timestamptz NOT NULL,
    CONSTRAINT payments_capture_what_is_authorized CHECK (captured + voided <= authorized),
    CONSTRAINT payments_refund_what_is_captured CHECK (refunded + refund_pending <= captured)
);
CREATE UNIQUE INDEX payments_stream_key ON payments (stream_id);
CREATE INDEX payments_order_idx ON payments (order_id);
CREATE INDEX payments_merchant_idx ON payments (merchant_id, created_at DESC, movement_id DESC);

-- What a merchant is told by webhook. `body` is what is sent, byte for byte the same to every endpoint and
-- at every try; a job writes it once.
CREATE TABLE merchant_events (
    id          uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants (id),
    type        text NOT NULL,
    subject_id  uuid NOT NULL,
    at          timestamptz NOT NULL,
    body        text
);
CREATE INDEX merchant_events_merchant_idx ON merchant_events (merchant_id, at DESC, id DESC);

-- A quote may be of any movement that its payer proves.
ALTER TABLE quotes
    ADD COLUMN kind text NOT NULL DEFAULT 'transfer'
        CONSTRAINT quotes_kind_is_known CHECK (kind IN ('transfer', 'merchant_payment', 'withdrawal')),
    ADD COLUMN subject_id uuid,             -- the order, or the bank account; of a transfer the request it answers
    ADD COLUMN capture text NOT NULL DEFAULT 'now'
        CONSTRAINT quotes_capture_is_known CHECK (capture IN ('now', 'later')),
    ALTER COLUMN payee_id DROP NOT NULL;    -- null when no person is paid

ALTER TABLE inquiries
    ALTER COLUMN payee_id DROP NOT NULL,
    ADD COLUMN payee_name text;            -- as the payer sees whom it was to pay; null in rows from before

-- The ledger, once more with orders.

ALTER TYPE ledger_command
    ADD ATTRIBUTE order_id uuid,           -- of a payment that is made: the order it pays
    ADD ATTRIBUTE capture_before timestamptz,
    ADD ATTRIBUTE payment_stream_id uuid,
    ADD ATTRIBUTE origin_id uuid;          -- the movement that this one answers

-- As before; besides, an order is paid once, in time, and while its merchant takes payments.
CREATE OR REPLACE FUNCTION ledger_post(commands ledger_command[], lines ledger_line[])
RETURNS TABLE (ord int, outcome text, code text, missing bigint, movement movements)
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    fresh       uuid[];   -- the movements whose keys nobody has used before
    ready       int[];    -- commands that may still be recorded
    turned      int[];    -- commands turned away at one step
    codes       text[];   -- and why
    sound       int[];    -- commands that nothing refuses
    has_proofs  boolean;
    has_changes boolean;
    has_orders  boolean;
    weighed     record;
    refusal     record;
BEGIN
    IF cardinality(commands) > 1 AND (
        SELECT count(*) <> count(DISTINCT c.movement_id) OR count(*) <> count(DISTINCT (c.owner_id, c.key))
            OR count(c.challenge_id) <> count(DISTINCT c.challenge_id) FROM unnest(commands) c
    ) THEN
        RAISE EXCEPTION 'a batch names a key, a challenge or a movement twice' USING ERRCODE = 'UP004';
    END IF;
    SELECT array_agg(c.ord), count(c.challenge_id) > 0, count(c.from_status) > 0, count(c.order_id) > 0
    INTO ready, has_proofs, has_changes, has_orders FROM unnest(commands) c;

    WITH given AS (
        INSERT INTO idempotency_keys (owner_id, key, digest, movement_id, created_at)
        SELECT c.owner_id, c.key, c.digest, c.movement_id, c.at FROM unnest(commands) c ORDER BY c.owner_id, c.key
        ON CONFLICT DO NOTHING RETURNING movement_id
    )
    SELECT coalesce(array_agg(given.movement_id), '{}') INTO fresh FROM given;
    IF cardinality(fresh) < cardinality(commands) THEN
        turned := ARRAY(SELECT c.ord FROM unnest(commands) c WHERE c.movement_id <> ALL (fresh));
        RETURN QUERY
        SELECT c.ord, CASE WHEN k.digest = c.digest THEN 'replayed' ELSE 'key_reused' END, NULL::text, NULL::bigint, k.m
        FROM unnest(commands) c CROSS JOIN LATERAL (
            SELECT k.digest, m FROM idempotency_keys k JOIN movements m ON m.id = k.movement_id
            WHERE k.owner_id = c.owner_id AND k.key = c.key OFFSET 0
        ) k WHERE c.ord = ANY (turned);
        ready := ledger_without(ready, turned);
    END IF;

    IF has_proofs THEN
        PERFORM 1 FROM challenges h
        WHERE h.id = ANY (ARRAY(SELECT c.challenge_id FROM unnest(commands) c WHERE c.ord = ANY (ready)))
        ORDER BY h.id FOR NO KEY UPDATE;
        SELECT array_agg(c.ord) INTO turned FROM unnest(commands) c
        WHERE c.ord = ANY (ready) AND c.challenge_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM challenges h WHERE h.id = c.challenge_id AND h.used_at IS NULL AND h.expires_at > c.at OFFSET 0
        );
        IF turned IS NOT NULL THEN
            RETURN QUERY SELECT t, 'challenge_spent', NULL::text, NULL::bigint, NULL::movements FROM unnest(turned) t;
            PERFORM ledger_forget_keys(commands, turned);
            ready := ledger_without(ready, turned);
        END IF;
    END IF;

    IF has_orders THEN
        PERFORM 1 FROM orders o
        WHERE o.id = ANY (ARRAY(SELECT c.order_id FROM unnest(commands) c WHERE c.ord = ANY (ready)))
        ORDER BY o.id FOR NO KEY UPDATE;
    END IF;

    PERFORM 1 FROM accounts a WHERE a.id = ANY (ARRAY(
        SELECT l.account_id FROM unnest(lines) l WHERE l.ord = ANY (ready)
        UNION ALL SELECT c.source_id FROM unnest(commands) c WHERE c.ord = ANY (ready)
        UNION ALL SELECT c.target_id FROM unnest(commands) c WHERE c.ord = ANY (ready)
    )) ORDER BY a.id FOR NO KEY UPDATE;

    IF has_changes THEN
        PERFORM 1 FROM movements m
        WHERE m.id = ANY (ARRAY(SELECT c.movement_id FROM unnest(commands) c WHERE c.ord = ANY (ready)))
        ORDER BY m.id FOR NO KEY UPDATE;
        PERFORM 1 FROM holds h
        WHERE h.id = ANY (ARRAY(SELECT c.hold_id FROM unnest(commands) c WHERE c.ord = ANY (ready)))
        ORDER BY h.id FOR NO KEY UPDATE;
        SELECT array_agg(c.ord) INTO turned FROM unnest(commands) c
        WHERE c.ord = ANY (ready) AND c.from_status IS NOT NULL AND (
            (SELECT m.status FROM movements m WHERE m.id = c.movement_id) IS DISTINCT FROM c.from_status
            OR c.hold_id IS NOT NULL AND (
                SELECT h.amount - h.captured - h.released FROM holds h WHERE h.id = c.hold_id
            ) IS DISTINCT FROM c.hold_remaining
        );
        IF turned IS NOT NULL THEN
            RETURN QUERY
            SELECT c.ord, 'stale', NULL::text, NULL::bigint, (SELECT m FROM movements m WHERE m.id = c.movement_id)
            FROM unnest(commands) c WHERE c.ord = ANY (turned);
            PERFORM ledger_forget_keys(commands, turned);
            ready := ledger_without(ready, turned);
        END IF;
    END IF;

    SELECT array_agg(b.ord), array_agg(b.code) INTO turned, codes FROM ledger_barred(commands, ready) b;
    IF has_orders THEN
        -- What an order refuses is said before what an account does.
        SELECT array_agg(b.ord), array_agg(b.code) INTO turned, codes FROM (
            SELECT DISTINCT ON (b.ord) b.ord, b.code FROM (
                SELECT u.ord, u.code, 1 AS place FROM ledger_unpayable(commands, ready) u
                UNION ALL SELECT t.ord, t.code, 2 FROM unnest(turned, codes) t (ord, code)
            ) b ORDER BY b.ord, b.place
        ) b;
    END IF;
    sound := ledger_without(ready, turned);
    weighed := ledger_weigh(lines, sound);
    IF turned IS NOT NULL OR weighed.turned IS NOT NULL THEN
        FOR refusal IN
            SELECT b.ord, b.code, NULL::bigint AS missing FROM unnest(turned, codes) b (ord, code)
            UNION ALL SELECT w.ord, w.code, w.missing
            FROM unnest(weighed.turned, weighed.codes, weighed.lacks) w (ord, code, missing)
        LOOP
            sound := ledger_without(sound, ARRAY[refusal.ord]);
            IF commands[refusal.ord].from_status IS NULL THEN
                commands[refusal.ord].to_status := 'failed';
                commands[refusal.ord].failure_code := refusal.code;
                commands[refusal.ord].failure_missing := refusal.missing;
                commands[refusal.ord].hold_placed := 0;
                commands[refusal.ord].job_kind := NULL;
                commands[refusal.ord].arrives_at := NULL;
            ELSE
                RETURN QUERY SELECT refusal.ord, 'refused', refusal.code, refusal.missing, m
                FROM movements m WHERE m.id = commands[refusal.ord].movement_id;
                PERFORM ledger_forget_keys(commands, ARRAY[refusal.ord]);
                ready := ledger_without(ready, ARRAY[refusal.ord]);
            END IF;
        END LOOP;
    END IF;

    IF cardinality(ready) > 0 THEN
        PERFORM ledger_write(commands, lines, ready, sound, weighed.days, weighed.spendings);
        RETURN QUERY
        SELECT c.ord, CASE c.to_status WHEN 'failed' THEN 'failed' ELSE 'done' END, c.failure_code, c.failure_missing,
               (SELECT m FROM movements m WHERE m.id = c.movement_id)
        FROM unnest(commands) c WHERE c.ord = ANY (ready);
    END IF;
END $$;

-- Payments are rows of their own, which go on after their movement has ended: refunds follow. The first
-- payment that is not merely looked at takes the order; one that is released from review later may find it
-- taken, and whoever released it gives that money back.
CREATE FUNCTION ledger_write_payments(commands ledger_command[], recorded int[], sound int[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO payments (movement_id, order_id, merchant_id, stream_id, authorized, captured, capture_before, created_at)
    SELECT c.movement_id, c.order_id, o.merchant_id, c.payment_stream_id,
           CASE WHEN c.to_status = 'failed' THEN 0 ELSE c.amount END,
           CASE WHEN c.to_status = 'completed' THEN c.amount ELSE 0 END, c.capture_before, c.at
    FROM unnest(commands) c
    CROSS JOIN LATERAL (SELECT o.merchant_id FROM orders o WHERE o.id = c.order_id OFFSET 0) o
    WHERE c.ord = ANY (recorded) AND c.kind = 'merchant_payment' AND c.from_status IS NULL;

    UPDATE payments p SET
        -- What the payer pays on top is set aside with the rest, but is no part of the payment.
        captured = least(p.captured + c.hold_captured, p.authorized - p.voided),
        voided = least(p.voided + c.hold_released,
                       p.authorized - least(p.captured + c.hold_captured, p.authorized - p.voided)),
        stream_seq = p.stream_seq + 1
    FROM (SELECT * FROM unnest(commands) c
          WHERE c.ord = ANY (sound) AND c.kind = 'merchant_payment' AND c.from_status IS NOT NULL
          LIMIT cardinality(sound)) c
    WHERE p.movement_id = c.movement_id;

    UPDATE orders o SET status = 'paid', paid_by = p.movement_id, paid_at = p.at
    FROM (SELECT p.order_id, p.movement_id, c.at FROM unnest(commands) c
          CROSS JOIN LATERAL (SELECT * FROM payments p WHERE p.movement_id = c.movement_id OFFSET 0) p
          WHERE c.ord = ANY (sound) AND c.kind = 'merchant_payment' AND c.to_status IN ('pending', 'completed')
          LIMIT cardinality(sound)) p
    WHERE o.id = p.order_id AND o.paid_by IS NULL AND o.status = 'open';

    INSERT INTO stream_events (stream_id, seq, kind, subject_id, status, at)
    SELECT p.stream_id, p.stream_seq, 'payment', c.movement_id, c.to_status, c.at
    FROM unnest(commands) c
    CROSS JOIN LATERAL (SELECT * FROM payments p WHERE p.movement_id = c.movement_id OFFSET 0) p
    WHERE c.ord = ANY (recorded) AND c.kind = 'merchant_payment';

    WITH happened AS (
        INSERT INTO merchant_events (id, merchant_id, type, subject_id, at)
        SELECT gen_random_uuid(), p.merchant_id,
               CASE WHEN c.to_status = 'failed' THEN 'payment.failed'
                    WHEN c.to_status = 'cancelled' OR c.hold_captured = 0 AND c.hold_released > 0 THEN 'payment.voided'
                    WHEN c.to_status = 'in_review' THEN 'payment.pending'
                    WHEN c.to_status = 'completed' OR c.hold_captured > 0 THEN 'payment.captured'
                    ELSE 'payment.authorized' END,
               c.movement_id, c.at
        FROM unnest(commands) c
        CROSS JOIN LATERAL (SELECT p.merchant_id FROM payments p WHERE p.movement_id = c.movement_id OFFSET 0) p
        WHERE c.ord = ANY (recorded) AND c.kind = 'merchant_payment'
        RETURNING id, at
    )
    INSERT INTO jobs (id, kind, subject_id, due_at, run_at)
    SELECT gen_random_uuid(), 'tell_merchant', id, at, at FROM happened;
END $$;

-- Whom among `ords` the funds or the limits refuse, and how far they fall short, when those who are
-- not refused are done one after another. Everything is locked. Says besides on which day each
-- command counts, by its place, and what its wallets will have spent.
--
-- A wallet's day never goes back: whoever travels west has had the day already. A limit of the
-- house is looked at before the owner's own, which raising could not help against.
--
-- Whoever has the money, but set aside, is told so: FUNDS_ON_HOLD. Where a level may pay nothing at all, it
-- is not the amount that is wrong: IDENTITY_REQUIRED.
CREATE OR REPLACE FUNCTION ledger_weigh(
    lines ledger_line[], ords int[],
    OUT turned int[], OUT codes text[], OUT lacks bigint[], OUT days date[], OUT spendings ledger_spending[]
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    line     record;
    run      bigint[] := '{}';   -- what has been done to each account so far
    before   bigint[];           -- the same, before the command at hand
    kept     bigint[] := '{}';   -- how much of that only set money aside
    kept_before bigint[];
    at_hand  int := 0;
    is_out   boolean;
    spending ledger_spending;    -- of the wallet at hand, with the line
    refused  text;
    lack     bigint;
BEGIN
    FOR line IN
        SELECT l.ord, l.account_id, d.delta, CASE l.side WHEN 'D' THEN l.pending ELSE 0 END AS pending,
               l.counted_on, l.payments, dense_rank() OVER (ORDER BY l.account_id) AS place, a.*, p.single, p.most_payments, p.most_day, p.most_month, p.most_year
        FROM unnest(lines) l
        CROSS JOIN LATERAL (SELECT CASE l.side WHEN 'C' THEN l.posted ELSE -l.posted - l.pending END) d (delta)
        CROSS JOIN LATERAL (
            SELECT a.posted_credits - a.posted_debits - a.pending_debits AS available, a.pending_debits AS held,
                   a.floor, a.level, a.currency,
                   a.spent_on, a.spent_day, a.spent_month, a.spent_year, a.payments_day,
                   a.own_single, a.own_day, a.own_month
            FROM accounts a WHERE a.id = l.account_id OFFSET 0
        ) a
        LEFT JOIN LATERAL (
            SELECT p.single, p.payments_day AS most_payments, p.day AS most_day, p.month AS most_month,
                   p.year AS most_year
            FROM limit_policies p WHERE p.level = a.level AND p.currency = a.currency OFFSET 0
        ) p ON l.counted_on IS NOT NULL AND d.delta < 0
        -- What counts comes last in its command: nothing is refused after it.
        WHERE l.ord = ANY (ords) AND a.floor IS NOT NULL ORDER BY l.ord, l.counted_on NULLS FIRST, d.delta
    LOOP
        IF line.ord <> at_hand THEN
            at_hand := line.ord;
            before := run;
            kept_before := kept;
            is_out := false;
        END IF;
        CONTINUE WHEN is_out;
        refused := NULL;
        run[line.place] := coalesce(run[line.place], 0) + line.delta;
        kept[line.place] := coalesce(kept[line.place], 0) + line.pending;
        IF line.delta < 0 AND line.available + run[line.place] < line.floor THEN
            refused := CASE WHEN line.available + line.held + run[line.place] + kept[line.place] - line.pending < line.floor
                            THEN 'INSUFFICIENT_FUNDS' ELSE 'FUNDS_ON_HOLD' END;
            lack := line.floor - line.available - run[line.place];
        ELSIF line.counted_on IS NOT NULL THEN
            spending := spendings[line.place];
            IF spending.account_id IS NULL THEN
                spending := ROW (line.account_id, line.spent_on, line.spent_day, line.spent_month, line.spent_year,
                                 line.payments_day);
            END IF;
            IF line.delta >= 0 THEN
                spending := ledger_given_back(spending, line.counted_on, line.delta, line.payments);
            ELSE
                IF spending.spent_on IS NULL OR spending.spent_on < line.counted_on THEN
                    spending := ledger_turned_over(spending, line.counted_on);
                END IF;
                spending.day := spending.day - line.delta;
                spending.month := spending.month - line.delta;
                spending.year := spending.year - line.delta;
                spending.payments := spending.payments + line.payments;
                refused := CASE WHEN line.single = 0 THEN 'IDENTITY_REQUIRED'
                                WHEN -line.delta > line.single THEN 'LIMIT_PER_PAYMENT'
                                WHEN spending.payments > line.most_payments THEN 'LIMIT_COUNT'
                                WHEN spending.day > line.most_day THEN 'LIMIT_DAY'
                                WHEN spending.month > line.most_month THEN 'LIMIT_MONTH'
                                WHEN spending.year > line.most_year THEN 'LIMIT_YEAR'
                                WHEN -line.delta > line.own_single OR spending.day > line.own_day
                                    OR spending.month > line.own_month THEN 'LIMIT_SELF_SET' END;
                lack := CASE refused WHEN 'IDENTITY_REQUIRED' THEN -line.delta
                                     WHEN 'LIMIT_PER_PAYMENT' THEN -line.delta - line.single
                                     WHEN 'LIMIT_DAY' THEN spending.day - line.most_day
                                     WHEN 'LIMIT_MONTH' THEN spending.month - line.most_month
                                     WHEN 'LIMIT_YEAR' THEN spending.year - line.most_year
                                     WHEN 'LIMIT_SELF_SET' THEN
                                         CASE WHEN -line.delta > line.own_single THEN -line.delta - line.own_single
                                              WHEN spending.day > line.own_day THEN spending.day - line.own_day
                                              ELSE spending.month - line.own_month END END;
            END IF;
        END IF;
        IF refused IS NOT NULL THEN
            turned := turned || line.ord;
            codes := codes || refused;
            lacks := lacks || lack;
            run := before;
            kept := kept_before;
            is_out := true;
        ELSIF line.counted_on IS NOT NULL THEN
            spendings[line.place] := spending;
            IF line.delta < 0 THEN
                days[line.ord] := spending.spent_on;
            END IF;
        END IF;
    END LOOP;
END $$;

-- As before; besides it writes what became of payments and their orders, and has merchants told.
CREATE OR REPLACE FUNCTION ledger_write(
    commands ledger_command[], lines ledger_line[], recorded int[], sound int[], days date[], spendings ledger_spending[]
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    has_changes  boolean;
    has_holds    boolean;
    has_postings boolean;
    has_proofs   boolean;
    has_jobs     boolean;
    has_payments boolean;
BEGIN
    SELECT count(c.from_status) > 0, count(c.hold_id) > 0, count(c.posting_id) > 0, count(c.challenge_id) > 0,
           count(c.job_kind) > 0, count(*) FILTER (WHERE c.kind = 'merchant_payment') > 0
    INTO has_changes, has_holds, has_postings, has_proofs, has_jobs, has_payments FROM unnest(commands) c;

    INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, fee, currency, note,
                           failure_code, failure_missing, stream_seq, arrives_at, counted_on, origin_id, created_at,
                           settled_at)
    SELECT movement_id, kind, to_status, person_id, source_id, target_id, amount, fee, currency, note,
           failure_code, failure_missing, 1, arrives_at, days[ord], origin_id, at,
           CASE WHEN to_status IN ('completed', 'failed', 'cancelled') THEN at END
    FROM unnest(commands) c WHERE c.ord = ANY (recorded) AND from_status IS NULL;

    IF has_changes THEN
        UPDATE movements m SET
            status = c.to_status, failure_code = c.failure_code, stream_seq = m.stream_seq + 1,
            settled_at = CASE WHEN c.to_status IN ('completed', 'failed', 'cancelled') THEN c.at END
        FROM (SELECT * FROM unnest(commands) c WHERE c.ord = ANY (recorded) AND c.from_status IS NOT NULL
              LIMIT cardinality(recorded)) c
        WHERE m.id = c.movement_id;
    END IF;

    IF has_holds THEN
        INSERT INTO holds (id, movement_id, source_id, target_id, amount, currency, expires_at, created_at)
        SELECT hold_id, movement_id, source_id, target_id, hold_placed, currency, hold_expires_at, at
        FROM unnest(commands) c WHERE c.ord = ANY (sound) AND hold_placed > 0;

        UPDATE holds h SET captured = h.captured + c.hold_captured, released = h.released + c.hold_released
        FROM (SELECT * FROM unnest(commands) c WHERE c.ord = ANY (sound) AND c.hold_captured + c.hold_released > 0
              LIMIT cardinality(sound)) c
        WHERE h.id = c.hold_id;
    END IF;

    IF has_postings THEN
        INSERT INTO postings (id, kind, movement_id, hold_id, currency, posted_at)
        SELECT posting_id, posting_kind, movement_id, hold_id, currency, at
        FROM unnest(commands) c WHERE c.ord = ANY (sound) AND posting_id IS NOT NULL;

        INSERT INTO entries (account_id, version, posting_id, side, posted, pending, balance_after)
        SELECT l.account_id, a.version + row_number() OVER earlier, l.posting_id, l.side, l.posted, l.pending,
               CASE a.normal_side WHEN 'D' THEN 1 ELSE -1 END * (a.posted_debits - a.posted_credits
                   + sum(CASE l.side WHEN 'D' THEN l.posted ELSE -l.posted END) OVER earlier)
        FROM unnest(lines) l
        CROSS JOIN LATERAL (SELECT * FROM accounts a WHERE a.id = l.account_id OFFSET 0) a
        WHERE l.ord = ANY (sound)
        WINDOW earlier AS (PARTITION BY l.account_id ORDER BY l.ord, l.side DESC);
    END IF;

    -- A wallet's stream tells what its owner asked for, and what has come.
    WITH heard AS MATERIALIZED (
        SELECT side.account_id, c.movement_id, c.to_status, c.at,
               a.stream_seq + row_number() OVER (PARTITION BY side.account_id ORDER BY c.ord) AS seq
        FROM unnest(commands) c CROSS JOIN LATERAL (VALUES (c.source_id), (c.target_id)) side (account_id)
        CROSS JOIN LATERAL (SELECT a.owner_id, a.stream_seq FROM accounts a WHERE a.id = side.account_id OFFSET 0) a
        WHERE c.ord = ANY (recorded) AND a.owner_id IS NOT NULL
            AND (a.owner_id = c.person_id OR c.to_status = 'completed')
    ),
    told AS (
        INSERT INTO stream_events (stream_id, seq, kind, subject_id, status, at)
        SELECT account_id, seq, 'movement', movement_id, to_status, at FROM heard
        UNION ALL
        SELECT movement_id, 1, 'movement', movement_id, to_status, at
        FROM unnest(commands) c WHERE c.ord = ANY (recorded) AND from_status IS NULL
    )
    UPDATE accounts a SET
        posted_debits = a.posted_debits + n.posted_debits, posted_credits = a.posted_credits + n.posted_credits,
        pending_debits = a.pending_debits + n.pending_debits, pending_credits = a.pending_credits + n.pending_credits,
        version = a.version + n.entries, stream_seq = a.stream_seq + n.events,
        spent_on = coalesce(n.spent_on, a.spent_on), payments_day = coalesce(n.payments, a.payments_day),
        spent_day = coalesce(n.day, a.spent_day), spent_month = coalesce(n.month, a.spent_month),
        spent_year = coalesce(n.year, a.spent_year)
    FROM (
        SELECT account_id,
               coalesce(sum(posted) FILTER (WHERE side = 'D'), 0)::bigint AS posted_debits,
               coalesce(sum(posted) FILTER (WHERE side = 'C'), 0)::bigint AS posted_credits,
               coalesce(sum(pending) FILTER (WHERE side = 'D'), 0)::bigint AS pending_debits,
               coalesce(sum(pending) FILTER (WHERE side = 'C'), 0)::bigint AS pending_credits,
               count(side) AS entries, sum(events) AS events, max(spent_on) AS spent_on, max(day) AS day,
               max(month) AS month, max(year) AS year, max(payments) AS payments
        FROM (SELECT account_id, side, posted, pending, 0 AS events, (NULL::ledger_spending).*
              FROM unnest(lines) l WHERE l.ord = ANY (sound)
              UNION ALL SELECT account_id, NULL, 0, 0, 1, (NULL::ledger_spending).* FROM heard
              UNION ALL SELECT s.account_id, NULL, 0, 0, 0, s.*
              FROM unnest(spendings) s WHERE s.account_id IS NOT NULL
        ) deltas (account_id, side, posted, pending, events, spender_id, spent_on, day, month, year, payments)
        GROUP BY account_id LIMIT cardinality(lines) + 2 * cardinality(recorded)
    ) n WHERE a.id = n.account_id;

    IF has_changes THEN
        INSERT INTO stream_events (stream_id, seq, kind, subject_id, status, at)
        SELECT c.movement_id, m.stream_seq, 'movement', c.movement_id, c.to_status, c.at
        FROM unnest(commands) c
        CROSS JOIN LATERAL (SELECT m.stream_seq FROM movements m WHERE m.id = c.movement_id OFFSET 0) m
        WHERE c.ord = ANY (recorded) AND c.from_status IS NOT NULL;
    END IF;
    IF has_proofs THEN
        UPDATE challenges h SET used_at = c.at
        FROM (SELECT * FROM unnest(commands) c WHERE c.ord = ANY (recorded) LIMIT cardinality(recorded)) c
        WHERE h.id = c.challenge_id;
    END IF;
    IF has_jobs THEN
        INSERT INTO jobs (id, kind, subject_id, due_at, run_at)
        SELECT gen_random_uuid(), job_kind, movement_id, job_due_at, job_due_at
        FROM unnest(commands) c WHERE c.ord = ANY (recorded) AND job_kind IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
    IF has_payments THEN
        PERFORM ledger_write_payments(commands, recorded, sound);
    END IF;
END $$;
