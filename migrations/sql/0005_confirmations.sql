-- Confirming in one round trip: what was prepared is read, and the PIN is tried, for many at once.

CREATE TYPE pin_try AS (
    person_id uuid,
    macs      bytea[]             -- of what was shown, one for each key of the ring, in its order
);

CREATE TYPE confirmation AS (
    ord          int,             -- place among those asked, from 1
    person_id    uuid,
    quote_id     uuid,
    challenge_id uuid,
    key          text,            -- idempotency
    macs         bytea[]
);

-- Counts each try, compares, and locks, under the row's lock: no two guesses share a try, and none is
-- looked at while the PIN is locked. Answers for whoever has a PIN. Names nobody twice.
-- A PIN that is right is kept with the first key of the ring from then on.
CREATE FUNCTION pins_try(tries pin_try[], key_ids text[], at timestamptz, most int, locks interval[])
RETURNS TABLE (person_id uuid, is_right boolean, wrong_tries int, locked_until timestamptz)
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    changed int;
BEGIN
    PERFORM 1 FROM pins p WHERE p.person_id = ANY (ARRAY(SELECT t.person_id FROM unnest(tries) t))
    ORDER BY p.person_id FOR NO KEY UPDATE;
    UPDATE pins p SET
        wrong_tries = CASE WHEN t.is_right OR p.wrong_tries + 1 >= most THEN 0 ELSE p.wrong_tries + 1 END,
        lockouts = CASE WHEN t.is_right THEN 0 WHEN p.wrong_tries + 1 >= most THEN p.lockouts + 1 ELSE p.lockouts END,
        locked_until = CASE WHEN NOT t.is_right AND p.wrong_tries + 1 >= most
                       THEN at + locks[least(p.lockouts + 1, cardinality(locks))] END,
        mac = CASE WHEN t.is_right THEN t.macs[1] ELSE p.mac END,
        key_id = CASE WHEN t.is_right THEN key_ids[1] ELSE p.key_id END
    FROM (
        SELECT t.person_id, t.macs, coalesce(k.mac = t.macs[array_position(key_ids, k.key_id)], false) AS is_right
        FROM unnest(tries) t
        CROSS JOIN LATERAL (SELECT k.mac, k.key_id FROM pins k WHERE k.person_id = t.person_id OFFSET 0) k
        LIMIT cardinality(tries)
    ) t
    WHERE p.person_id = t.person_id AND (p.locked_until IS NULL OR p.locked_until <= at)
        -- Nothing to count: right again, as last time.
        AND NOT (t.is_right AND p.wrong_tries = 0 AND p.lockouts = 0 AND p.locked_until IS NULL AND p.key_id = key_ids[1]);
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed = 0 THEN
        -- Nothing was written that a crash could lose, so nobody need wait for the disk.
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    RETURN QUERY
    SELECT p.person_id, coalesce(p.mac = t.macs[array_position(key_ids, p.key_id)], false),
           p.wrong_tries::int, p.locked_until
    FROM unnest(tries) t
    CROSS JOIN LATERAL (SELECT * FROM pins p WHERE p.person_id = t.person_id OFFSET 0) p;
END $$;

-- For each: what its key was used for, what was prepared, and how the PIN's try ended. A PIN is tried
-- only where everything else is sound, and never by whoever repeats what was answered already.
CREATE FUNCTION confirmations_read(
    asked confirmation[], key_ids text[], at timestamptz, most int, locks interval[]
)
RETURNS TABLE (
    ord int, digest bytea, movement movements, quote quotes, challenge challenges,
    has_pin boolean, is_right boolean, wrong_tries int, locked_until timestamptz
)
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    tries pin_try[];
BEGIN
    SELECT array_agg(ROW (c.person_id, c.macs)::pin_try) INTO tries
    FROM unnest(asked) c
    CROSS JOIN LATERAL (
        SELECT q.id FROM quotes q WHERE q.id = c.quote_id AND q.person_id = c.person_id AND q.expires_at > at OFFSET 0
    ) q
    CROSS JOIN LATERAL (
        SELECT h.id FROM challenges h
        WHERE h.id = c.challenge_id AND h.quote_id = q.id AND h.person_id = c.person_id AND h.used_at IS NULL OFFSET 0
    ) h
    WHERE NOT EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.owner_id = c.person_id AND k.key = c.key OFFSET 0);
    IF tries IS NOT NULL THEN
        PERFORM pins_try(tries, key_ids, at, most, locks);
    END IF;
    RETURN QUERY
    SELECT c.ord, k.digest, k.m, q.q, h.h, p.person_id IS NOT NULL,
           coalesce(p.mac = c.macs[array_position(key_ids, p.key_id)], false),
           p.wrong_tries::int, p.locked_until
    FROM unnest(asked) c
    LEFT JOIN LATERAL (
        SELECT k.digest, m FROM idempotency_keys k JOIN movements m ON m.id = k.movement_id
        WHERE k.owner_id = c.person_id AND k.key = c.key OFFSET 0
    ) k ON true
    LEFT JOIN LATERAL (SELECT q FROM quotes q WHERE q.id = c.quote_id AND q.person_id = c.person_id OFFSET 0) q ON true
    LEFT JOIN LATERAL (
        SELECT h FROM challenges h WHERE h.id = c.challenge_id AND h.quote_id = c.quote_id AND h.person_id = c.person_id OFFSET 0
    ) h ON true
    LEFT JOIN LATERAL (SELECT * FROM pins p WHERE p.person_id = c.person_id OFFSET 0) p ON true;
END $$;
