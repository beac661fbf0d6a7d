-- What happens to accounts: what people are told of, links in letters, fresh proofs of a session.

CREATE TABLE security_events (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    kind       text NOT NULL,
    session_id uuid,                            -- in which session; null when nobody was signed in
    address    text NOT NULL DEFAULT '',        -- from which network address
    detail     jsonb NOT NULL DEFAULT '{}',     -- codes, ids and masked values
    at         timestamptz NOT NULL
);
CREATE INDEX security_events_person_idx ON security_events (person_id, at DESC, id DESC);

-- A link in a letter. Its token is derived from the id with the server's key and kept nowhere.
CREATE TABLE links (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    person_id  uuid NOT NULL REFERENCES people (id),
    subject_id uuid NOT NULL,                   -- what it is about
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX links_subject_idx ON links (subject_id);
CREATE INDEX links_person_idx ON links (person_id);

-- What was proved in a session, and when last.
CREATE TABLE session_proofs (
    session_id uuid NOT NULL REFERENCES sessions (id),
    factor     text NOT NULL,
    proved_at  timestamptz NOT NULL,
    PRIMARY KEY (session_id, factor)
);

-- A code may prove more than that a contact is somebody's; `subject_id` is what it was asked for.
ALTER TABLE contact_codes
    ADD COLUMN purpose text NOT NULL DEFAULT 'verify',
    ADD COLUMN subject_id uuid;
CREATE INDEX contact_codes_subject_idx ON contact_codes (subject_id) WHERE subject_id IS NOT NULL;

-- What was prepared belongs to the session that prepared it, and may ask for more proof than usual.
-- Rows from before belong to any session of their person.
ALTER TABLE quotes
    ADD COLUMN session_id uuid,
    ADD COLUMN is_slowed boolean NOT NULL DEFAULT false,  -- arrives later than was asked for, to be safe
    ADD COLUMN is_reviewed boolean NOT NULL DEFAULT false; -- somebody looks at it before the money moves
ALTER TABLE challenges
    ADD COLUMN is_strong boolean NOT NULL DEFAULT false;   -- a PIN alone is not enough

ALTER TYPE confirmation ADD ATTRIBUTE session_id uuid;     -- in which it is confirmed

-- As before; what another session prepared is not found, and no PIN is tried where none was shown.
CREATE OR REPLACE FUNCTION confirmations_read(
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
        SELECT q.id FROM quotes q WHERE q.id = c.quote_id AND q.person_id = c.person_id AND q.expires_at > at
            AND (q.session_id IS NULL OR q.session_id = c.session_id) OFFSET 0
    ) q
    CROSS JOIN LATERAL (
        SELECT h.id FROM challenges h
        WHERE h.id = c.challenge_id AND h.quote_id = q.id AND h.person_id = c.person_id AND h.used_at IS NULL OFFSET 0
    ) h
    WHERE c.macs IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.owner_id = c.person_id AND k.key = c.key OFFSET 0);
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
    LEFT JOIN LATERAL (
        SELECT q FROM quotes q WHERE q.id = c.quote_id AND q.person_id = c.person_id
            AND (q.session_id IS NULL OR q.session_id = c.session_id) OFFSET 0
    ) q ON true
    LEFT JOIN LATERAL (
        SELECT h FROM challenges h WHERE h.id = c.challenge_id AND h.quote_id = c.quote_id AND h.person_id = c.person_id OFFSET 0
    ) h ON true
    LEFT JOIN LATERAL (SELECT * FROM pins p WHERE p.person_id = c.person_id OFFSET 0) p ON true;
END $$;
