-- Second factors: apps being set up, codes for when the app is gone, and the loss of everything.

-- An authenticator app whose first code has not come back: it counts for nothing until it has.
CREATE TABLE totp_enrolments (
    person_id     uuid PRIMARY KEY REFERENCES people (id),
    session_id    uuid NOT NULL,                -- only the session that was shown the secret confirms it
    sealed_secret bytea NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL
);

-- The recovery codes of one person. Each is kept as a MAC with a key of the person's own, which is
-- sealed with the server's key and so can be sealed anew, though nobody knows the codes.
CREATE TABLE recovery_sets (
    person_id     uuid PRIMARY KEY REFERENCES people (id),
    sealed_secret bytea NOT NULL,
    made_at       timestamptz NOT NULL
);
CREATE TABLE recovery_codes (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES recovery_sets (person_id) ON DELETE CASCADE,
    mac       bytea NOT NULL CONSTRAINT recovery_codes_mac_is_sha256 CHECK (octet_length(mac) = 32),
    used_at   timestamptz,
    CONSTRAINT recovery_codes_are_different UNIQUE (person_id, mac)
);

-- Somebody who lost every second factor asks to go on without; the desk decides once they had time
-- to say that it was not them.
CREATE TABLE factor_losses (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    begun_at     timestamptz NOT NULL,
    reported_at  timestamptz,                   -- when the code sent to a contact came back
    decidable_at timestamptz,
    end_kind     text CONSTRAINT factor_losses_end_is_known CHECK
                 (end_kind IN ('withdrawn', 'cleared', 'refused')),
    ended_at     timestamptz,
    ended_by     uuid REFERENCES people (id),   -- who withdrew or decided
    CONSTRAINT factor_losses_wait_once_reported CHECK ((reported_at IS NULL) = (decidable_at IS NULL)),
    CONSTRAINT factor_losses_end_in_one_way CHECK ((ended_at IS NULL) = (end_kind IS NULL)),
    -- Whoever asks is never who decides, and nothing is cleared before its time.
    CONSTRAINT factor_losses_need_another_person CHECK (end_kind <> 'cleared' OR ended_by <> person_id),
    CONSTRAINT factor_losses_are_cleared_in_time CHECK
        (end_kind <> 'cleared' OR
         (ended_by IS NOT NULL AND decidable_at IS NOT NULL AND ended_at >= decidable_at))
);
CREATE UNIQUE INDEX factor_losses_one_open_key ON factor_losses (person_id) WHERE ended_at IS NULL;
CREATE INDEX factor_losses_queue_idx ON factor_losses (reported_at, id) WHERE ended_at IS NULL;

-- A PIN whose owner only just proved to be its owner by other means: for a day it is not enough alone.
ALTER TABLE pins ADD COLUMN reset_at timestamptz;

-- The app versions uPay still speaks with, and those it would rather meet.
CREATE TABLE client_versions (
    platform    text PRIMARY KEY CONSTRAINT client_versions_platform_is_known CHECK
                (platform IN ('ios', 'android', 'web', 'mini-program')),
    minimum     text NOT NULL,
    recommended text NOT NULL,
    notes_zh    text NOT NULL,
    notes_en    text NOT NULL,
    url         text NOT NULL,
    changed_by  uuid NOT NULL REFERENCES people (id),
    changed_at  timestamptz NOT NULL
);
