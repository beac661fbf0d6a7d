-- Rules of risk: what they found, whom they made wait for an agent, what people were asked.

-- Money may be set aside until an agent has looked.
ALTER TABLE movements
    DROP CONSTRAINT movements_status_is_known,
    ADD CONSTRAINT movements_status_is_known CHECK
        (status IN ('pending', 'in_review', 'unknown', 'completed', 'failed', 'cancelled'));

CREATE TABLE risk_hits (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    quote_id  uuid,                         -- no reference: quotes are purged sooner
    rule      text NOT NULL CONSTRAINT risk_hits_rule_has_length CHECK (length(rule) BETWEEN 1 AND 48),
    outcome   text NOT NULL CONSTRAINT risk_hits_outcome_is_known
              CHECK (outcome IN ('allow', 'step_up', 'review', 'decline')),
    force     text NOT NULL CONSTRAINT risk_hits_force_is_known CHECK (force IN ('live', 'shadow', 'snoozed')),
    place     text,
    policy    text NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX risk_hits_person_idx ON risk_hits (person_id, at DESC);
CREATE INDEX risk_hits_quote_idx ON risk_hits (quote_id) WHERE quote_id IS NOT NULL;
CREATE TRIGGER risk_hits_insert_only BEFORE UPDATE ON risk_hits FOR EACH ROW EXECUTE FUNCTION insert_only();

CREATE TABLE person_places (
    person_id uuid NOT NULL REFERENCES people (id),
    place     text NOT NULL CONSTRAINT person_places_place_has_length CHECK (length(place) BETWEEN 1 AND 16),
    seen_at   timestamptz NOT NULL,
    PRIMARY KEY (person_id, place)
);

CREATE TABLE rule_snoozes (
    person_id  uuid NOT NULL REFERENCES people (id),
    rule       text NOT NULL,
    subject_id uuid NOT NULL,               -- a device or a payee
    until      timestamptz NOT NULL,
    PRIMARY KEY (person_id, rule, subject_id)
);

-- How much somebody prepared lately.
CREATE INDEX quotes_person_idx ON quotes (person_id, created_at DESC);

CREATE TABLE risk_cases (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES people (id),
    movement_id uuid REFERENCES movements (id),
    quote_id    uuid,
    cause       text NOT NULL CONSTRAINT risk_cases_cause_is_known CHECK (cause IN ('rule', 'report', 'silence')),
    status      text NOT NULL CONSTRAINT risk_cases_status_is_known CHECK (status IN ('pending', 'closed')),
    opened_at   timestamptz NOT NULL,
    deadline_at timestamptz NOT NULL,
    decision    text CONSTRAINT risk_cases_decision_is_known
                CHECK (decision IN ('approved', 'declined', 'expired', 'recalled')),
    outcome     text CONSTRAINT risk_cases_outcome_is_known
                CHECK (outcome IN ('confirmed_risk', 'false_positive', 'valuable_alert')),
    reason      text,
    decided_by  uuid REFERENCES people (id),
    decided_at  timestamptz,
    CONSTRAINT risk_cases_close_with_a_decision CHECK
        ((status = 'closed') = (decision IS NOT NULL) AND (status = 'closed') = (decided_at IS NOT NULL)),
    CONSTRAINT risk_cases_agents_say_why CHECK
        ((decided_by IS NULL) = (outcome IS NULL) AND (decided_by IS NULL) = (reason IS NULL))
);
CREATE UNIQUE INDEX risk_cases_open_key ON risk_cases (movement_id) WHERE status = 'pending';
CREATE INDEX risk_cases_movement_idx ON risk_cases (movement_id);
CREATE INDEX risk_cases_person_idx ON risk_cases (person_id);
CREATE INDEX risk_cases_deadline_idx ON risk_cases (status, deadline_at, id);

-- Whoever takes a payment back, and however: nobody need look at it any more.
CREATE FUNCTION risk_case_recalled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE risk_cases SET status = 'closed', decision = 'recalled', decided_at = NEW.settled_at
    WHERE movement_id = NEW.id AND status = 'pending';
    RETURN NULL;
END $$;
CREATE TRIGGER movements_close_their_case AFTER UPDATE ON movements FOR EACH ROW
    WHEN (OLD.status = 'in_review' AND NEW.status = 'cancelled') EXECUTE FUNCTION risk_case_recalled();

CREATE TABLE inquiries (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES people (id),
    session_id  uuid NOT NULL,              -- no reference: sessions are purged sooner
    payee_id    uuid NOT NULL REFERENCES people (id),
    subject_id  uuid NOT NULL,              -- a device or a payee
    quote_id    uuid,
    amount      bigint NOT NULL CONSTRAINT inquiries_amount_fits CHECK (amount BETWEEN 1 AND 9007199254740991),
    currency    text NOT NULL,
    address     text NOT NULL DEFAULT '',
    place       text,
    rules       jsonb NOT NULL,
    is_reviewed_unanswered boolean NOT NULL DEFAULT false,
    status      text NOT NULL CONSTRAINT inquiries_status_is_known
                CHECK (status IN ('asked', 'confirmed', 'reported', 'unanswered')),
    asked_at    timestamptz NOT NULL,
    deadline_at timestamptz NOT NULL,
    answered_at timestamptz,
    CONSTRAINT inquiries_are_answered_at_a_time CHECK
        ((status IN ('confirmed', 'reported')) = (answered_at IS NOT NULL))
);
CREATE UNIQUE INDEX inquiries_open_key ON inquiries (person_id, subject_id) WHERE status = 'asked';
CREATE INDEX inquiries_person_idx ON inquiries (person_id, asked_at DESC, id DESC);

-- What is known of a payment, for the rules to judge by; one row.
--
-- A wallet's past may be a million movements, so every part is an index scan with a limit, before
-- anything is filtered or added up. Left to itself the planner reads such a past as a whole and
-- sorts it, for as long as the statistics say that it is short.
CREATE FUNCTION risk_facts(
    payer uuid, wallet uuid, now timestamptz,
    past_since timestamptz,       -- how far back to look for what is usual
    since timestamptz[],          -- where each window begins
    payer_place text, subjects uuid[],
    prepared_since timestamptz,   -- where the longest window begins
    most int                      -- rows
)
RETURNS TABLE (
    counts bigint[], totals bigint[], past_payments bigint, usual bigint, seen_at timestamptz,
    is_at_home_somewhere boolean, rules text[], snoozed_for uuid[]
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH latest AS MATERIALIZED (
        SELECT * FROM (
            SELECT m.kind, m.status, m.person_id, m.amount, m.created_at FROM movements m
            WHERE m.source_id = wallet AND m.created_at > past_since
            ORDER BY m.created_at DESC, m.id DESC LIMIT most
        ) m WHERE m.kind = 'transfer' AND m.person_id = payer
    ),
    prepared AS MATERIALIZED (
        SELECT q.id, q.source_id, q.amount, q.created_at, q.expires_at FROM quotes q
        WHERE q.person_id = payer AND q.created_at > prepared_since
        ORDER BY q.created_at DESC LIMIT most
    ),
    standing AS MATERIALIZED (
        SELECT coalesce(sum(q.amount), 0)::bigint AS total FROM prepared q
        CROSS JOIN LATERAL (SELECT h.used_at FROM challenges h WHERE h.quote_id = q.id OFFSET 0) h
        WHERE q.source_id = wallet AND q.expires_at > now AND h.used_at IS NULL
    ),
    past AS MATERIALIZED (SELECT amount FROM latest WHERE status = 'completed'),
    snoozed AS MATERIALIZED (
        SELECT s.rule, s.subject_id FROM rule_snoozes s
        WHERE s.person_id = payer AND s.subject_id = ANY (subjects) AND s.until > now
    ),
    -- A place where a rule hit and the payment was confirmed all the same, by whatever proof it
    -- took, is a known one.
    proved AS MATERIALIZED (
        SELECT max(k.used_at) AS at FROM (
            SELECT h.quote_id, h.place, h.outcome FROM risk_hits h
            WHERE h.person_id = payer ORDER BY h.at DESC LIMIT most
        ) h
        CROSS JOIN LATERAL (SELECT k.used_at FROM challenges k WHERE k.quote_id = h.quote_id OFFSET 0) k
        WHERE h.place = payer_place AND h.outcome IN ('allow', 'step_up')
            AND NOT EXISTS (SELECT FROM inquiries i
                WHERE i.person_id = payer AND i.quote_id = h.quote_id AND i.status = 'reported')
            AND NOT EXISTS (SELECT FROM risk_cases c
                WHERE c.person_id = payer AND c.quote_id = h.quote_id AND c.decision IN ('declined', 'expired'))
    )
    SELECT
        ARRAY (SELECT count(q.id) FROM unnest(since) WITH ORDINALITY w (at, place)
            LEFT JOIN prepared q ON q.created_at > w.at GROUP BY w.place ORDER BY w.place),
        ARRAY (SELECT coalesce(sum(m.amount), 0)::bigint + (SELECT total FROM standing)
            FROM unnest(since) WITH ORDINALITY w (at, place)
            LEFT JOIN latest m ON m.created_at > w.at AND m.status NOT IN ('failed', 'cancelled')
            GROUP BY w.place ORDER BY w.place),
        (SELECT count(*) FROM past),
        (SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY amount) FROM past),
        greatest(
            (SELECT p.seen_at FROM person_places p WHERE p.person_id = payer AND p.place = payer_place),
            (SELECT at FROM proved)),
        EXISTS (SELECT FROM person_places p WHERE p.person_id = payer),
        ARRAY (SELECT rule FROM snoozed ORDER BY rule, subject_id),
        ARRAY (SELECT subject_id FROM snoozed ORDER BY rule, subject_id);
END $$;
