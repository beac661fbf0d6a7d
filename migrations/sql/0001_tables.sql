-- The tables of the foundation. All money is BIGINT in minor units of the row's currency.

CREATE TABLE people (
    id            uuid PRIMARY KEY,
    account_name  text NOT NULL CONSTRAINT people_account_name_key UNIQUE
                  CONSTRAINT people_account_name_is_folded CHECK (account_name ~ '^[a-z][a-z0-9._-]{2,31}$'),
    display_name  text NOT NULL CONSTRAINT people_display_name_has_length CHECK (length(display_name) BETWEEN 1 AND 64),
    role          text NOT NULL CONSTRAINT people_role_is_known
                  CHECK (role IN ('customer', 'merchant', 'agent', 'supervisor', 'admin')),
    locale        text NOT NULL CONSTRAINT people_locale_is_known CHECK (locale IN ('zh-CN', 'en')),
    time_zone     text NOT NULL,
    password_hash text NOT NULL,
    freeze_level        smallint NOT NULL DEFAULT 0 CONSTRAINT people_freeze_is_known CHECK (freeze_level BETWEEN 0 AND 3),
    created_at    timestamptz NOT NULL,
    closed_at     timestamptz
);

CREATE TABLE contacts (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES people (id),
    kind        text NOT NULL CONSTRAINT contacts_kind_is_known CHECK (kind IN ('email', 'phone')),
    value       text NOT NULL CONSTRAINT contacts_value_has_length CHECK (length(value) BETWEEN 3 AND 254),
    created_at  timestamptz NOT NULL,
    verified_at timestamptz
);
-- An unverified contact is nobody: only a verified one is unique and only it is found.
CREATE UNIQUE INDEX contacts_verified_value_key ON contacts (kind, value) WHERE verified_at IS NOT NULL;
CREATE INDEX contacts_person_idx ON contacts (person_id);

CREATE TABLE contact_codes (
    id          uuid PRIMARY KEY,
    contact_id  uuid NOT NULL REFERENCES contacts (id),
    wrong_tries smallint NOT NULL DEFAULT 0
                CONSTRAINT contact_codes_tries_are_bounded CHECK (wrong_tries BETWEEN 0 AND 5),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX contact_codes_contact_idx ON contact_codes (contact_id, created_at DESC);

CREATE TABLE pins (
    person_id    uuid PRIMARY KEY REFERENCES people (id),
    mac          bytea NOT NULL CONSTRAINT pins_mac_is_sha256 CHECK (octet_length(mac) = 32),
    key_id       text NOT NULL,
    wrong_tries  smallint NOT NULL DEFAULT 0 CONSTRAINT pins_tries_are_bounded CHECK (wrong_tries BETWEEN 0 AND 5),
    lockouts     smallint NOT NULL DEFAULT 0 CONSTRAINT pins_lockouts_are_positive CHECK (lockouts >= 0),
    locked_until timestamptz,
    set_at       timestamptz NOT NULL
);

CREATE TABLE totps (
    person_id     uuid PRIMARY KEY REFERENCES people (id),
    sealed_secret bytea NOT NULL,
    last_counter  bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL
);

-- The subject is a person, or a number that names of nobody share: those are counted as well.
CREATE TABLE sign_in_guards (
    subject_id   uuid PRIMARY KEY,
    wrong_tries  smallint NOT NULL DEFAULT 0
                 CONSTRAINT sign_in_guards_tries_are_bounded CHECK (wrong_tries BETWEEN 0 AND 10),
    locked_until timestamptz
);

CREATE TABLE sessions (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    audience   text NOT NULL CONSTRAINT sessions_audience_is_known CHECK (audience IN ('public', 'desk')),
    client     text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    end_reason text,
    CONSTRAINT sessions_end_with_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX sessions_person_idx ON sessions (person_id) WHERE ended_at IS NULL;

CREATE TABLE session_tokens (
    hash       text PRIMARY KEY CONSTRAINT session_tokens_hash_is_sha256 CHECK (hash ~ '^[0-9a-f]{64}$'),
    session_id uuid NOT NULL REFERENCES sessions (id),
    kind       text NOT NULL CONSTRAINT session_tokens_kind_is_known CHECK (kind IN ('access', 'refresh')),
    expires_at timestamptz NOT NULL,
    spent_at   timestamptz
);
CREATE INDEX session_tokens_session_idx ON session_tokens (session_id);

CREATE TABLE freezes (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES people (id),
    owner       smallint NOT NULL CONSTRAINT freezes_owner_is_known CHECK (owner BETWEEN 1 AND 3),
    reason      text NOT NULL,
    frozen_by   uuid NOT NULL,
    frozen_at   timestamptz NOT NULL,
    lifted_by   uuid,
    lifted_at   timestamptz,
    lift_reason text
);
CREATE UNIQUE INDEX freezes_one_open_per_owner_key ON freezes (person_id, owner) WHERE lifted_at IS NULL;

CREATE TABLE audit_records (
    id         uuid PRIMARY KEY,
    actor_id   uuid NOT NULL REFERENCES people (id),
    action     text NOT NULL,
    subject_id uuid,
    reason     text NOT NULL,
    detail     jsonb NOT NULL DEFAULT '{}',
    at         timestamptz NOT NULL
);
CREATE INDEX audit_records_subject_idx ON audit_records (subject_id, at);

-- Ledger accounts: four counters each. A wallet has an owner, a house account has none. Half of each
-- page stays free: counters change with every posting, and one that has room there touches no index.
CREATE TABLE accounts (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CONSTRAINT accounts_kind_is_known CHECK
                    (kind IN ('wallet', 'provider_clearing', 'fees', 'suspense', 'in_transit', 'equity')),
    normal_side     text NOT NULL CONSTRAINT accounts_side_is_known CHECK (normal_side IN ('D', 'C')),
    currency        text NOT NULL CONSTRAINT accounts_currency_is_iso CHECK (currency ~ '^[A-Z]{3}$'),
    owner_id        uuid REFERENCES people (id),
    floor           bigint,
    posted_debits   bigint NOT NULL DEFAULT 0 CONSTRAINT accounts_posted_debits_not_negative CHECK (posted_debits >= 0),
    posted_credits  bigint NOT NULL DEFAULT 0 CONSTRAINT accounts_posted_credits_not_negative CHECK (posted_credits >= 0),
    pending_debits  bigint NOT NULL DEFAULT 0 CONSTRAINT accounts_pending_debits_not_negative CHECK (pending_debits >= 0),
    pending_credits bigint NOT NULL DEFAULT 0 CONSTRAINT accounts_pending_credits_not_negative CHECK (pending_credits >= 0),
    version         bigint NOT NULL DEFAULT 0,
    stream_seq      bigint NOT NULL DEFAULT 0,
    freeze_level    smallint NOT NULL DEFAULT 0 CONSTRAINT accounts_freeze_is_known CHECK (freeze_level BETWEEN 0 AND 3),
    opened_at       timestamptz NOT NULL,
    closed_at       timestamptz,
    CONSTRAINT accounts_wallets_have_owners CHECK ((kind = 'wallet') = (owner_id IS NOT NULL)),
    CONSTRAINT accounts_wallets_have_a_floor CHECK (kind <> 'wallet' OR floor IS NOT NULL),
    CONSTRAINT accounts_floors_are_on_liabilities CHECK (floor IS NULL OR normal_side = 'C'),
    -- The last line of defence: posted and pending together never pass the floor.
    CONSTRAINT accounts_stay_above_the_floor CHECK
        (floor IS NULL OR posted_credits - posted_debits - pending_debits >= floor)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX accounts_wallet_key ON accounts (owner_id, currency) WHERE kind = 'wallet';
CREATE UNIQUE INDEX accounts_house_key ON accounts (kind, currency) WHERE owner_id IS NULL;

CREATE TABLE movements (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CONSTRAINT movements_kind_is_known CHECK (kind IN ('transfer', 'top_up', 'adjustment')),
    status          text NOT NULL CONSTRAINT movements_status_is_known CHECK
                    (status IN ('pending', 'unknown', 'completed', 'failed', 'cancelled')),
    person_id       uuid NOT NULL REFERENCES people (id),
    source_id       uuid NOT NULL REFERENCES accounts (id),
    target_id       uuid NOT NULL REFERENCES accounts (id),
    amount          bigint NOT NULL CONSTRAINT movements_amount_fits CHECK (amount BETWEEN 1 AND 9007199254740991),
    fee             bigint NOT NULL DEFAULT 0 CONSTRAINT movements_fee_fits CHECK (fee BETWEEN 0 AND 9007199254740991),
    currency        text NOT NULL,
    note            text NOT NULL DEFAULT '',
    failure_code    text,
    failure_missing bigint,
    stream_seq      bigint NOT NULL DEFAULT 0,
    arrives_at      timestamptz,
    created_at      timestamptz NOT NULL,
    settled_at      timestamptz,
    CONSTRAINT movements_have_two_sides CHECK (source_id <> target_id),
    CONSTRAINT movements_fail_with_a_reason CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
    CONSTRAINT movements_settle_when_final CHECK
        ((status IN ('completed', 'failed', 'cancelled')) = (settled_at IS NOT NULL))
);
CREATE INDEX movements_source_idx ON movements (source_id, created_at DESC, id DESC);
CREATE INDEX movements_target_idx ON movements (target_id, created_at DESC, id DESC);

-- A final movement never changes again: a later contrary fact is another movement.
CREATE FUNCTION movement_final_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'movement % is final', OLD.id USING ERRCODE = 'UP001';
END $$;
CREATE TRIGGER movements_final_states_stay BEFORE UPDATE ON movements FOR EACH ROW
    WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION movement_final_guard();

CREATE TABLE idempotency_keys (
    owner_id    uuid NOT NULL,
    key         text NOT NULL CONSTRAINT idempotency_keys_have_length CHECK (length(key) BETWEEN 1 AND 64),
    digest      bytea NOT NULL,
    movement_id uuid NOT NULL REFERENCES movements (id) DEFERRABLE INITIALLY DEFERRED,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (owner_id, key)
);

CREATE TABLE quotes (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    source_id  uuid NOT NULL REFERENCES accounts (id),
    target_id  uuid NOT NULL REFERENCES accounts (id),
    payee_id   uuid NOT NULL REFERENCES people (id),
    amount     bigint NOT NULL CONSTRAINT quotes_amount_fits CHECK (amount BETWEEN 1 AND 9007199254740991),
    fee        bigint NOT NULL DEFAULT 0 CONSTRAINT quotes_fee_fits CHECK (fee BETWEEN 0 AND 9007199254740991),
    currency   text NOT NULL,
    note       text NOT NULL DEFAULT '',
    arrival    text NOT NULL CONSTRAINT quotes_arrival_is_known CHECK (arrival IN ('now', 'two_hours', 'next_day')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE challenges (
    id         uuid PRIMARY KEY,
    quote_id   uuid NOT NULL CONSTRAINT challenges_quote_key UNIQUE REFERENCES quotes (id),
    person_id  uuid NOT NULL REFERENCES people (id),
    digest     bytea NOT NULL CONSTRAINT challenges_digest_is_sha256 CHECK (octet_length(digest) = 32),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE TABLE holds (
    id          uuid PRIMARY KEY,
    movement_id uuid NOT NULL REFERENCES movements (id),
    source_id   uuid NOT NULL REFERENCES accounts (id),
    target_id   uuid NOT NULL REFERENCES accounts (id),
    amount      bigint NOT NULL CONSTRAINT holds_amount_is_positive CHECK (amount > 0),
    captured    bigint NOT NULL DEFAULT 0 CONSTRAINT holds_captured_not_negative CHECK (captured >= 0),
    released    bigint NOT NULL DEFAULT 0 CONSTRAINT holds_released_not_negative CHECK (released >= 0),
    currency    text NOT NULL,
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT holds_give_no_more_than_they_hold CHECK (captured + released <= amount)
);
CREATE INDEX holds_movement_idx ON holds (movement_id);
CREATE INDEX holds_source_open_idx ON holds (source_id) WHERE captured + released < amount;

-- The journal. Insert-only; a statement's entries must balance within each of its postings.
CREATE TABLE postings (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CONSTRAINT postings_kind_is_known CHECK (kind IN ('move', 'hold', 'capture', 'release')),
    movement_id uuid NOT NULL REFERENCES movements (id),
    hold_id     uuid REFERENCES holds (id),
    reverses_id uuid REFERENCES postings (id),
    currency    text NOT NULL,
    posted_at   timestamptz NOT NULL,
    CONSTRAINT postings_name_their_hold CHECK ((kind = 'move') = (hold_id IS NULL))
);
CREATE INDEX postings_movement_idx ON postings (movement_id);
CREATE UNIQUE INDEX postings_reverse_once_key ON postings (reverses_id) WHERE reverses_id IS NOT NULL;

CREATE TABLE entries (
    account_id    uuid NOT NULL REFERENCES accounts (id),
    version       bigint NOT NULL CONSTRAINT entries_version_is_positive CHECK (version > 0),
    posting_id    uuid NOT NULL REFERENCES postings (id),
    side          text NOT NULL CONSTRAINT entries_side_is_known CHECK (side IN ('D', 'C')),
    posted        bigint NOT NULL CONSTRAINT entries_posted_not_negative CHECK (posted >= 0),
    pending       bigint NOT NULL,
    balance_after bigint NOT NULL,
    PRIMARY KEY (account_id, version),
    CONSTRAINT entries_say_something CHECK (posted <> 0 OR pending <> 0)
);
CREATE INDEX entries_posting_idx ON entries (posting_id);

CREATE FUNCTION insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'UP002';
END $$;

CREATE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added e GROUP BY e.posting_id
        HAVING sum(CASE e.side WHEN 'D' THEN e.posted ELSE -e.posted END) <> 0
            OR sum(CASE e.side WHEN 'D' THEN e.pending ELSE -e.pending END) <> 0
            -- Looked up one by one: a join might read all postings for every batch.
            OR bool_or((SELECT a.currency FROM accounts a WHERE a.id = e.account_id)
                IS DISTINCT FROM (SELECT p.currency FROM postings p WHERE p.id = e.posting_id))
    ) THEN
        RAISE EXCEPTION 'a posting does not balance in its currency' USING ERRCODE = 'UP003';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entries_balance AFTER INSERT ON entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_balance();
CREATE TRIGGER entries_insert_only BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
CREATE TRIGGER postings_insert_only BEFORE UPDATE OR DELETE ON postings
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER postings_no_truncate BEFORE TRUNCATE ON postings
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
CREATE TRIGGER audit_records_insert_only BEFORE UPDATE OR DELETE ON audit_records
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER audit_records_no_truncate BEFORE TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();

CREATE TABLE stream_events (
    stream_id  uuid NOT NULL,
    seq        bigint NOT NULL CONSTRAINT stream_events_seq_is_positive CHECK (seq > 0),
    kind       text NOT NULL,
    subject_id uuid NOT NULL,
    status     text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (stream_id, seq)
);

CREATE TABLE jobs (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    subject_id  uuid NOT NULL,
    due_at      timestamptz NOT NULL,
    run_at      timestamptz NOT NULL,
    payload     jsonb NOT NULL DEFAULT '{}',
    attempts    int NOT NULL DEFAULT 0,
    lease       uuid,
    lease_until timestamptz,
    done_at     timestamptz,
    failed_at   timestamptz,
    last_error  text,
    CONSTRAINT jobs_once_key UNIQUE (kind, subject_id, due_at)
);
CREATE INDEX jobs_open_idx ON jobs (run_at, id) WHERE done_at IS NULL AND failed_at IS NULL;

CREATE TABLE provider_orders (
    movement_id uuid PRIMARY KEY REFERENCES movements (id),
    provider    text NOT NULL,
    reference   text,
    asks        int NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX provider_orders_reference_key ON provider_orders (provider, reference) WHERE reference IS NOT NULL;

CREATE TABLE provider_messages (
    id          uuid PRIMARY KEY,
    provider    text NOT NULL,
    kind        text NOT NULL,
    movement_id uuid,
    body        jsonb NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX provider_messages_movement_idx ON provider_messages (movement_id);
CREATE TRIGGER provider_messages_insert_only BEFORE UPDATE OR DELETE ON provider_messages
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER provider_messages_no_truncate BEFORE TRUNCATE ON provider_messages
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
