-- How much may leave a wallet: as the house says for each level of verification, and as its owner
-- says. Both are counted on the account row, which each posting locks and writes anyway.

CREATE TABLE limit_policies (
    level        smallint NOT NULL CONSTRAINT limit_policies_level_is_known CHECK (level BETWEEN 0 AND 3),
    currency     text NOT NULL CONSTRAINT limit_policies_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    single       bigint CONSTRAINT limit_policies_single_not_negative CHECK (single >= 0),   -- minor units; null: no limit
    day          bigint CONSTRAINT limit_policies_day_not_negative CHECK (day >= 0),
    month        bigint CONSTRAINT limit_policies_month_not_negative CHECK (month >= 0),
    year         bigint CONSTRAINT limit_policies_year_not_negative CHECK (year >= 0),
    payments_day int CONSTRAINT limit_policies_payments_not_negative CHECK (payments_day >= 0),
    PRIMARY KEY (level, currency)
);

ALTER TABLE people
    ADD COLUMN level smallint NOT NULL DEFAULT 0 CONSTRAINT people_level_is_known CHECK (level BETWEEN 0 AND 3);

-- None of these is a CHECK's business: PostgreSQL reads every rule of a table anew for each statement
-- that writes to it, and payments write to this one. `python -m server verify` looks after them.
ALTER TABLE accounts
    ADD COLUMN level        smallint NOT NULL DEFAULT 0,   -- a copy of the owner's
    ADD COLUMN spent_on     date,                          -- the owner's day that the counters are of
    ADD COLUMN spent_day    bigint NOT NULL DEFAULT 0,
    ADD COLUMN spent_month  bigint NOT NULL DEFAULT 0,
    ADD COLUMN spent_year   bigint NOT NULL DEFAULT 0,
    ADD COLUMN payments_day int NOT NULL DEFAULT 0,
    ADD COLUMN own_single   bigint,                        -- the owner's own limits; null: none
    ADD COLUMN own_day      bigint,
    ADD COLUMN own_month    bigint;

-- On which of the payer's days it counts; null when it counts for no limit.
ALTER TABLE movements ADD COLUMN counted_on date;

-- A higher limit somebody asked for. It waits, so that whoever stole a phone waits too.
CREATE TABLE own_limit_raises (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES accounts (id),
    kind         text NOT NULL CONSTRAINT own_limit_raises_kind_is_known CHECK (kind IN ('single', 'day', 'month')),
    amount       bigint CONSTRAINT own_limit_raises_amount_fits CHECK (amount BETWEEN 0 AND 9007199254740991), -- null: no limit
    asked_at     timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    applied_at   timestamptz,
    withdrawn_at timestamptz,
    CONSTRAINT own_limit_raises_end_once CHECK (applied_at IS NULL OR withdrawn_at IS NULL)
);
CREATE UNIQUE INDEX own_limit_raises_open_key ON own_limit_raises (account_id, kind)
    WHERE applied_at IS NULL AND withdrawn_at IS NULL;

-- The ledger, once more with limits. The line by which money leaves says on which day it counts; so
-- does one that gives back what was set aside.

ALTER TYPE ledger_line
    ADD ATTRIBUTE counted_on date,   -- the payer's day; null: it counts for nothing
    ADD ATTRIBUTE payments   int;    -- as how many payments it counts: 1, or -1 for one that came to nothing

CREATE TYPE ledger_spending AS (
    account_id uuid,
    spent_on   date,
    day        bigint,
    month      bigint,
    year       bigint,
    payments   int
);

DROP FUNCTION ledger_short(ledger_line[], int[]);
DROP FUNCTION ledger_write(ledger_command[], ledger_line[], int[], int[]);

-- As before, but limits are weighed together with funds.
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
    weighed     record;
    refusal     record;
BEGIN
    IF cardinality(commands) > 1 AND (
        SELECT count(*) <> count(DISTINCT c.movement_id) OR count(*) <> count(DISTINCT (c.owner_id, c.key))
            OR count(c.challenge_id) <> count(DISTINCT c.challenge_id) FROM unnest(commands) c
    ) THEN
        RAISE EXCEPTION 'a batch names a key, a challenge or a movement twice' USING ERRCODE = 'UP004';
    END IF;
    SELECT array_agg(c.ord), count(c.challenge_id) > 0, count(c.from_status) > 0
    INTO ready, has_proofs, has_changes FROM unnest(commands) c;

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

-- Whom among `ords` the funds or the limits refuse, and how far they fall short, when those who are
-- not refused are done one after another. Everything is locked. Says besides on which day each
-- command counts, by its place, and what its wallets will have spent.
--
-- A wallet's day never goes back: whoever travels west has had the day already. A limit of the
-- house is looked at before the owner's own, which raising could not help against.
CREATE FUNCTION ledger_weigh(
    lines ledger_line[], ords int[],
    OUT turned int[], OUT codes text[], OUT lacks bigint[], OUT days date[], OUT spendings ledger_spending[]
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    line     record;
    run      bigint[] := '{}';   -- what has been done to each account so far
    before   bigint[];           -- the same, before the command at hand
    at_hand  int := 0;
    is_out   boolean;
    spending ledger_spending;    -- of the wallet at hand, with the line
    refused  text;
    lack     bigint;
BEGIN
    FOR line IN
        SELECT l.ord, l.account_id, d.delta, l.counted_on, l.payments, dense_rank() OVER (ORDER BY l.account_id) AS place,
               a.*, p.single, p.most_payments, p.most_day, p.most_month, p.most_year
        FROM unnest(lines) l
        CROSS JOIN LATERAL (SELECT CASE l.side WHEN 'C' THEN l.posted ELSE -l.posted - l.pending END) d (delta)
        CROSS JOIN LATERAL (
            SELECT a.posted_credits - a.posted_debits - a.pending_debits AS available, a.floor, a.level, a.currency,
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
            is_out := false;
        END IF;
        CONTINUE WHEN is_out;
        refused := NULL;
        run[line.place] := coalesce(run[line.place], 0) + line.delta;
        IF line.delta < 0 AND line.available + run[line.place] < line.floor THEN
            refused := 'INSUFFICIENT_FUNDS';
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
                refused := CASE WHEN -line.delta > line.single THEN 'LIMIT_PER_PAYMENT'
                                WHEN spending.payments > line.most_payments THEN 'LIMIT_COUNT'
                                WHEN spending.day > line.most_day THEN 'LIMIT_DAY'
                                WHEN spending.month > line.most_month THEN 'LIMIT_MONTH'
                                WHEN spending.year > line.most_year THEN 'LIMIT_YEAR'
                                WHEN -line.delta > line.own_single OR spending.day > line.own_day
                                    OR spending.month > line.own_month THEN 'LIMIT_SELF_SET' END;
                lack := CASE refused WHEN 'LIMIT_PER_PAYMENT' THEN -line.delta - line.single
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
            is_out := true;
        ELSIF line.counted_on IS NOT NULL THEN
            spendings[line.place] := spending;
            IF line.delta < 0 THEN
                days[line.ord] := spending.spent_on;
            END IF;
        END IF;
    END LOOP;
END $$;

-- What a wallet has spent as its owner's day `today` begins.
CREATE FUNCTION ledger_turned_over(spending ledger_spending, today date) RETURNS ledger_spending
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    spending.day := 0;
    spending.payments := 0;
    IF date_trunc('month', spending.spent_on::timestamp) < date_trunc('month', today::timestamp) THEN
        spending.month := 0;
    END IF;
    IF date_trunc('year', spending.spent_on::timestamp) < date_trunc('year', today::timestamp) THEN
        spending.year := 0;
    END IF;
    spending.spent_on := today;
    RETURN spending;
END $$;

-- What a wallet has spent once `amount` that counted on a day, this one or an earlier, came back.
CREATE FUNCTION ledger_given_back(spending ledger_spending, counted_on date, amount bigint, payments int)
RETURNS ledger_spending LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF counted_on = spending.spent_on THEN
        spending.day := spending.day - amount;
        spending.payments := spending.payments + payments;
    END IF;
    IF date_trunc('month', counted_on::timestamp) = date_trunc('month', spending.spent_on::timestamp) THEN
        spending.month := spending.month - amount;
    END IF;
    IF date_trunc('year', counted_on::timestamp) = date_trunc('year', spending.spent_on::timestamp) THEN
        spending.year := spending.year - amount;
    END IF;
    RETURN spending;
END $$;

-- As before; besides it writes on which of the payer's days each made movement counts (`days`, by the
-- command's place), and what the wallets have spent.
CREATE FUNCTION ledger_write(
    commands ledger_command[], lines ledger_line[], recorded int[], sound int[], days date[], spendings ledger_spending[]
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    has_changes  boolean;
    has_holds    boolean;
    has_postings boolean;
    has_proofs   boolean;
    has_jobs     boolean;
BEGIN
    SELECT count(c.from_status) > 0, count(c.hold_id) > 0, count(c.posting_id) > 0, count(c.challenge_id) > 0,
           count(c.job_kind) > 0
    INTO has_changes, has_holds, has_postings, has_proofs, has_jobs FROM unnest(commands) c;

    INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, fee, currency, note,
                           failure_code, failure_missing, stream_seq, arrives_at, counted_on, created_at, settled_at)
    SELECT movement_id, kind, to_status, person_id, source_id, target_id, amount, fee, currency, note,
           failure_code, failure_missing, 1, arrives_at, days[ord], at,
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
END $$;
