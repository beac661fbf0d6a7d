-- Bank accounts and cards that money comes from and goes to, and transfers that wait to be claimed.

-- The number is kept, sealed, only for as long as the provider must be told of it.
CREATE TABLE bank_accounts (
    id                         uuid PRIMARY KEY,
    person_id                  uuid REFERENCES people (id),
    merchant_id                uuid REFERENCES merchants (id),
    kind                       text NOT NULL CONSTRAINT bank_accounts_kind_is_known
                               CHECK (kind IN ('bank_account', 'card')),
    currency                   text NOT NULL,
    country                    text CONSTRAINT bank_accounts_country_is_iso CHECK (country ~ '^[A-Z]{2}$'),
    holder                     text NOT NULL CONSTRAINT bank_accounts_holder_has_length
                               CHECK (length(holder) BETWEEN 1 AND 64),
    bank_name                  text CONSTRAINT bank_accounts_bank_name_has_length CHECK (length(bank_name) BETWEEN 1 AND 64),
    masked                     text NOT NULL CONSTRAINT bank_accounts_masked_hides
                               CHECK (masked ~ '^•••• [0-9A-Z]{4}$'),
    expires_on                 date,           -- of a card: the last day on which it is good
    fingerprint                text NOT NULL,  -- a MAC of the number or token, by which one is known again
    file_id                    uuid REFERENCES sealed_files (id) ON DELETE SET NULL,  -- the number
    token                      text CONSTRAINT bank_accounts_token_has_length CHECK (length(token) BETWEEN 1 AND 64),
    status                     text NOT NULL CONSTRAINT bank_accounts_status_is_known
                               CHECK (status IN ('pending', 'amount_sent', 'verified', 'refused', 'removed')),
    refused_for                text,           -- in the provider's own words
    amount_tried               bigint,         -- said to have arrived; the provider has yet to say whether it is right
    tries_left                 int NOT NULL CONSTRAINT bank_accounts_tries_not_negative CHECK (tries_left >= 0),
    added_by                   uuid NOT NULL REFERENCES people (id),
    added_at                   timestamptz NOT NULL,
    usable_for_withdrawal_from timestamptz NOT NULL,
    verified_at                timestamptz,
    ended_at                   timestamptz,    -- since when it is refused or removed
    CONSTRAINT bank_accounts_have_one_owner CHECK ((person_id IS NULL) <> (merchant_id IS NULL)),
    CONSTRAINT bank_accounts_cards_expire CHECK ((kind = 'card') = (expires_on IS NOT NULL)),
    CONSTRAINT bank_accounts_verified_have_a_token CHECK (status <> 'verified' OR token IS NOT NULL),
    CONSTRAINT bank_accounts_end_when_ended CHECK ((status IN ('refused', 'removed')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX bank_accounts_person_key ON bank_accounts (person_id, fingerprint)
    WHERE person_id IS NOT NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX bank_accounts_merchant_key ON bank_accounts (merchant_id, fingerprint)
    WHERE merchant_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX bank_accounts_person_idx ON bank_accounts (person_id, added_at, id) WHERE person_id IS NOT NULL;
CREATE INDEX bank_accounts_merchant_idx ON bank_accounts (merchant_id, added_at, id) WHERE merchant_id IS NOT NULL;

-- A transfer to a telephone number that is nobody's yet: from when on, and until when, whoever proves the
-- number can claim it. The number itself is forgotten when that is over.
CREATE TABLE unclaimed_transfers (
    id           uuid PRIMARY KEY,                -- what the quote is about
    phone        text,                            -- E.164
    masked       text NOT NULL,
    prepared_at  timestamptz NOT NULL,
    movement_id  uuid CONSTRAINT unclaimed_transfers_movement_key UNIQUE REFERENCES movements (id),
    claimable_at timestamptz,
    expires_at   timestamptz,
    told_at      timestamptz,                     -- when the number got its text message
    claimed_by   uuid CONSTRAINT unclaimed_transfers_claimed_key UNIQUE REFERENCES movements (id),
    CONSTRAINT unclaimed_transfers_wait_when_made CHECK
        (num_nulls(movement_id, claimable_at, expires_at) IN (0, 3)),
    CONSTRAINT unclaimed_transfers_forget_when_claimed CHECK (claimed_by IS NULL OR phone IS NULL)
);
CREATE INDEX unclaimed_transfers_phone_idx ON unclaimed_transfers (phone) WHERE phone IS NOT NULL;
CREATE INDEX unclaimed_transfers_prepared_idx ON unclaimed_transfers (prepared_at) WHERE movement_id IS NULL;
