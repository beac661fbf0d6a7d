-- Posting: a batch of commands in one round trip, one answer per command.
--
-- Locks are taken in one order by every caller: idempotency keys, challenges, accounts, movements,
-- holds; each group sorted. Streams are numbered on the locked account and movement rows.
-- A batch must not name one key, one challenge or one movement twice: the caller keeps such
-- commands for the next batch.

CREATE TYPE ledger_command AS (
    ord             int,          -- place in the batch, from 1
    owner_id        uuid,         -- whose key this is
    key             text,
    digest          bytea,        -- what the key was given for
    challenge_id    uuid,         -- consumed with the posting; null when nothing had to be proved
    movement_id     uuid,
    kind            text,
    from_status     text,         -- null: the movement is made by this command
    to_status       text,
    person_id       uuid,
    source_id       uuid,
    target_id       uuid,
    amount          bigint,
    fee             bigint,
    currency        text,
    note            text,
    arrives_at      timestamptz,
    failure_code    text,         -- for a command that records a failure it was told of
    failure_missing bigint,       -- how far funds fell short; filled in here, never by the caller
    posting_id      uuid,         -- null: no money moves
    posting_kind    text,
    hold_id         uuid,
    hold_placed     bigint,       -- what this command sets aside
    hold_remaining  bigint,       -- what must remain of the hold before a capture or a release
    hold_captured   bigint,
    hold_released   bigint,
    hold_expires_at timestamptz,
    guard_source    boolean,      -- refuse when a freeze keeps money from leaving the source
    guard_target    boolean,      -- refuse when the target may not receive
    job_kind        text,         -- one job, about the movement, written with the posting
    job_due_at      timestamptz,
    at              timestamptz
);

CREATE TYPE ledger_line AS (
    ord        int,               -- the command it belongs to
    posting_id uuid,
    account_id uuid,
    side       text,
    posted     bigint,
    pending    bigint             -- positive to place a hold, negative to capture or release it
);

-- Posts a batch. Outcomes: done, failed (recorded, pinned to the key), refused (a transition that
-- may not happen now; nothing recorded), stale (the movement or hold is not as the caller read it),
-- replayed, key_reused, challenge_spent (nothing recorded, key not used).
--
-- Plans are made once, and must not depend on how large a table was just then: one that reads a small
-- table as a whole would go on doing so for every batch after it has grown. So rows are looked up by
-- index, one by one (LATERAL ... OFFSET 0), or are told to be few where that cannot be said (LIMIT).
CREATE FUNCTION ledger_post(commands ledger_command[], lines ledger_line[])
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
    FOR refusal IN
        SELECT b.ord, b.code, NULL::bigint AS missing FROM unnest(turned, codes) b (ord, code)
        UNION ALL SELECT s.ord, 'INSUFFICIENT_FUNDS', s.missing FROM ledger_short(lines, sound) s
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

    IF cardinality(ready) > 0 THEN
        PERFORM ledger_write(commands, lines, ready, sound);
        RETURN QUERY
        SELECT c.ord, CASE c.to_status WHEN 'failed' THEN 'failed' ELSE 'done' END, c.failure_code, c.failure_missing,
               (SELECT m FROM movements m WHERE m.id = c.movement_id)
        FROM unnest(commands) c WHERE c.ord = ANY (ready);
    END IF;
END $$;

-- Whom among `ords` an account or a hold refuses, whatever the others do. Everything is locked.
CREATE FUNCTION ledger_barred(commands ledger_command[], ords int[])
RETURNS TABLE (ord int, code text) LANGUAGE sql STABLE AS $$
    SELECT ord, code FROM (
        SELECT c.ord,
               CASE WHEN c.guard_source AND s.closed_at IS NOT NULL THEN 'ACCOUNT_CLOSED'
                    WHEN c.guard_source AND s.freeze_level = 1 THEN 'ACCOUNT_FROZEN_BY_USER'
                    WHEN c.guard_source AND s.freeze_level > 1 THEN 'ACCOUNT_RESTRICTED'
                    WHEN c.guard_target AND (t.closed_at IS NOT NULL OR t.freeze_level > 1) THEN 'PAYEE_CANNOT_RECEIVE'
                    WHEN c.hold_captured > 0 AND (SELECT h.expires_at FROM holds h WHERE h.id = c.hold_id) <= c.at
                        THEN 'HOLD_EXPIRED'
               END AS code
        FROM unnest(commands) c
        CROSS JOIN LATERAL (SELECT a.closed_at, a.freeze_level FROM accounts a WHERE a.id = c.source_id OFFSET 0) s
        CROSS JOIN LATERAL (SELECT a.closed_at, a.freeze_level FROM accounts a WHERE a.id = c.target_id OFFSET 0) t
        WHERE c.ord = ANY (ords)
    ) c WHERE code IS NOT NULL
$$;

-- Whom among `ords` the funds refuse, and how far they fall short, when those who are not refused are
-- done one after another. Everything is locked.
CREATE FUNCTION ledger_short(lines ledger_line[], ords int[])
RETURNS TABLE (ord int, missing bigint) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    line     record;
    run      bigint[] := '{}';   -- what has been done to each account so far
    before   bigint[];           -- the same, before the command at hand
    at_hand  int := 0;
    is_short boolean;
BEGIN
    FOR line IN
        SELECT l.ord, d.delta, a.floor, a.available, dense_rank() OVER (ORDER BY l.account_id) AS place
        FROM unnest(lines) l
        CROSS JOIN LATERAL (SELECT CASE l.side WHEN 'C' THEN l.posted ELSE -l.posted - l.pending END) d (delta)
        CROSS JOIN LATERAL (
            SELECT a.floor, a.posted_credits - a.posted_debits - a.pending_debits AS available
            FROM accounts a WHERE a.id = l.account_id OFFSET 0
        ) a
        WHERE l.ord = ANY (ords) AND a.floor IS NOT NULL ORDER BY l.ord, d.delta
    LOOP
        IF line.ord <> at_hand THEN
            at_hand := line.ord;
            before := run;
            is_short := false;
        END IF;
        CONTINUE WHEN is_short;
        run[line.place] := coalesce(run[line.place], 0) + line.delta;
        is_short := line.delta < 0 AND line.available + run[line.place] < line.floor;
        IF is_short THEN
            RETURN QUERY SELECT line.ord, line.floor - line.available - run[line.place];
            run := before;
        END IF;
    END LOOP;
END $$;

-- Writes the commands of `recorded`, and the postings of those among them that are `sound`; the
-- others record why they failed. Assumes that everything is locked.
CREATE FUNCTION ledger_write(commands ledger_command[], lines ledger_line[], recorded int[], sound int[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
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
                           failure_code, failure_missing, stream_seq, arrives_at, created_at, settled_at)
    SELECT movement_id, kind, to_status, person_id, source_id, target_id, amount, fee, currency, note,
           failure_code, failure_missing, 1, arrives_at, at,
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
        version = a.version + n.entries, stream_seq = a.stream_seq + n.events
    FROM (
        SELECT account_id,
               coalesce(sum(posted) FILTER (WHERE side = 'D'), 0)::bigint AS posted_debits,
               coalesce(sum(posted) FILTER (WHERE side = 'C'), 0)::bigint AS posted_credits,
               coalesce(sum(pending) FILTER (WHERE side = 'D'), 0)::bigint AS pending_debits,
               coalesce(sum(pending) FILTER (WHERE side = 'C'), 0)::bigint AS pending_credits,
               count(side) AS entries, count(*) - count(side) AS events
        FROM (SELECT account_id, side, posted, pending FROM unnest(lines) l WHERE l.ord = ANY (sound)
              UNION ALL SELECT account_id, NULL, 0, 0 FROM heard) deltas
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

CREATE FUNCTION ledger_without(ords int[], turned int[]) RETURNS int[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN turned IS NULL THEN ords ELSE ARRAY(SELECT o FROM unnest(ords) o WHERE o <> ALL (turned)) END
$$;

-- Nothing was recorded for these commands, so their keys stay unused.
CREATE FUNCTION ledger_forget_keys(commands ledger_command[], ords int[]) RETURNS void LANGUAGE sql VOLATILE AS $$
    DELETE FROM idempotency_keys k
    USING (SELECT * FROM unnest(commands) c WHERE c.ord = ANY (ords) LIMIT cardinality(ords)) c
    WHERE k.owner_id = c.owner_id AND k.key = c.key
$$;
