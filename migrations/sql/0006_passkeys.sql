-- Passkeys: what a device signs with, and the challenges it signs.

CREATE TABLE passkeys (
    id            uuid PRIMARY KEY,
    person_id     uuid NOT NULL REFERENCES people (id),
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE
                  CONSTRAINT passkeys_credential_id_fits
                  CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    public_key    bytea NOT NULL,               -- COSE
    sign_count    bigint NOT NULL DEFAULT 0     -- how often it signed; stays 0 where nobody counts
                  CONSTRAINT passkeys_sign_count_is_not_negative CHECK (sign_count >= 0),
    transports    text NOT NULL DEFAULT '',     -- how the device is reached, separated by commas
    is_synced     boolean NOT NULL,             -- whether copies are on the owner's other devices
    name          text NOT NULL,
    created_at    timestamptz NOT NULL,
    used_at       timestamptz
);
CREATE INDEX passkeys_person_idx ON passkeys (person_id);

-- What a session was asked to sign: one at a time for each purpose, gone once it is shown.
CREATE TABLE passkey_challenges (
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    purpose    text NOT NULL,
    challenge  bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, purpose)
);

-- A challenge to sign in with is kept nowhere until it has opened a session: it does so once.
CREATE TABLE spent_sign_in_challenges (
    hash       text PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
