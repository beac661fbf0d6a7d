-- Between people: asking for money, payees one knows, and people one does not want to hear from.

CREATE TABLE money_requests (
    id          uuid PRIMARY KEY,
    asker_id    uuid NOT NULL REFERENCES people (id),     -- who wants money
    payer_id    uuid NOT NULL REFERENCES people (id),     -- who is asked for it
    amount      bigint NOT NULL CONSTRAINT money_requests_amount_fits CHECK (amount BETWEEN 1 AND 9007199254740991),
    currency    text NOT NULL,
    note        text NOT NULL DEFAULT '',
    status      text NOT NULL CONSTRAINT money_requests_status_is_known
                CHECK (status IN ('open', 'paid', 'declined', 'cancelled', 'expired')),
    movement_id uuid CONSTRAINT money_requests_movement_key UNIQUE REFERENCES movements (id),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    CONSTRAINT money_requests_are_of_two CHECK (asker_id <> payer_id),
    CONSTRAINT money_requests_end_when_over CHECK ((status = 'open') = (ended_at IS NULL)),
    CONSTRAINT money_requests_are_paid_by_one CHECK ((status = 'paid') = (movement_id IS NOT NULL))
);
CREATE INDEX money_requests_asker_idx ON money_requests (asker_id, created_at DESC, id DESC);
CREATE INDEX money_requests_payer_idx ON money_requests (payer_id, created_at DESC, id DESC);

-- Whom somebody does not want to be paid or asked by; they are not told.
CREATE TABLE person_blocks (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    blocked_id uuid NOT NULL REFERENCES people (id),
    at         timestamptz NOT NULL,
    CONSTRAINT person_blocks_key UNIQUE (person_id, blocked_id),
    CONSTRAINT person_blocks_are_of_two CHECK (person_id <> blocked_id)
);

CREATE TABLE favourite_payees (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    payee_id  uuid NOT NULL REFERENCES people (id),
    alias     text NOT NULL CONSTRAINT favourite_payees_alias_has_length CHECK (length(alias) BETWEEN 0 AND 32),
    added_at  timestamptz NOT NULL,
    CONSTRAINT favourite_payees_key UNIQUE (person_id, payee_id)
);

-- How often somebody named a surname that was not the payee's, since when.
CREATE TABLE surname_guesses (
    person_id uuid PRIMARY KEY REFERENCES people (id),
    wrong     smallint NOT NULL,
    since     timestamptz NOT NULL
);

-- As before, but a hold that has expired refuses only what a freeze would refuse as well: what a bank has
-- done already is written down. Nobody is paid more than every client can count, nor by somebody whom they
-- have blocked, who is told no more than of any payee who cannot receive.
CREATE OR REPLACE FUNCTION ledger_barred(commands ledger_command[], ords int[])
RETURNS TABLE (ord int, code text) LANGUAGE sql STABLE AS $$
    SELECT ord, code FROM (
        SELECT c.ord,
               CASE WHEN c.guard_source AND s.closed_at IS NOT NULL THEN 'ACCOUNT_CLOSED'
                    WHEN c.guard_source AND s.freeze_level = 1 THEN 'ACCOUNT_FROZEN_BY_USER'
                    WHEN c.guard_source AND s.freeze_level > 1 THEN 'ACCOUNT_RESTRICTED'
                    WHEN c.guard_target AND (t.closed_at IS NOT NULL OR t.freeze_level > 1) THEN 'PAYEE_CANNOT_RECEIVE'
                    WHEN c.guard_target AND c.from_status IS NULL AND t.floor IS NOT NULL
                            AND t.posted_credits - t.posted_debits + t.pending_credits + c.amount > 9007199254740991
                        THEN 'PAYEE_LIMIT'
                    WHEN c.kind = 'transfer' AND c.from_status IS NULL AND EXISTS (
                            SELECT 1 FROM person_blocks b
                            WHERE b.person_id = t.owner_id AND b.blocked_id = c.person_id OFFSET 0
                        ) THEN 'PAYEE_CANNOT_RECEIVE'
                    WHEN c.guard_source AND c.hold_captured > 0
                            AND (SELECT h.expires_at FROM holds h WHERE h.id = c.hold_id) <= c.at
                        THEN 'HOLD_EXPIRED'
               END AS code
        FROM unnest(commands) c
        CROSS JOIN LATERAL (SELECT a.closed_at, a.freeze_level FROM accounts a WHERE a.id = c.source_id OFFSET 0) s
        CROSS JOIN LATERAL (
            SELECT a.closed_at, a.freeze_level, a.floor, a.posted_credits, a.posted_debits, a.pending_credits,
                   a.owner_id
            FROM accounts a WHERE a.id = c.target_id OFFSET 0
        ) t
        WHERE c.ord = ANY (ords)
    ) c WHERE code IS NOT NULL
$$;
