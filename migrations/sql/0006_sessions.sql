-- Devices and what sessions know of them, sessions that may do one thing only, guards of addresses.

-- Where somebody signed in. What the device shows the next time is kept only as a digest.
CREATE TABLE devices (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    token_hash   text NOT NULL CONSTRAINT devices_token_hash_key UNIQUE
                 CONSTRAINT devices_token_is_sha256 CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    name         text NOT NULL DEFAULT '',
    platform     text NOT NULL DEFAULT '',
    address      text NOT NULL DEFAULT '',      -- from which network address last
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    forgotten_at timestamptz                    -- since when it is as new as any other
);
CREATE INDEX devices_person_idx ON devices (person_id, last_seen_at DESC);

ALTER TABLE sessions
    ADD COLUMN device_id uuid CONSTRAINT sessions_device_id_fkey
               REFERENCES devices (id) ON DELETE SET NULL,
    ADD COLUMN limited_to text CONSTRAINT sessions_limit_is_known CHECK (limited_to IN ('change_password')),
    ADD COLUMN last_seen_at timestamptz;        -- null until it was used after its beginning
CREATE INDEX sessions_device_idx ON sessions (device_id);

-- Whom a guard protects (nobody, where the name is nobody's), and which guesses it counts. No
-- reference to people: looking one up would cost what a name of nobody does not.
ALTER TABLE sign_in_guards
    ADD COLUMN person_id uuid,
    ADD COLUMN factor text NOT NULL DEFAULT 'password'
               CONSTRAINT sign_in_guards_factor_is_known CHECK (factor IN ('password', 'code'));
CREATE INDEX sign_in_guards_person_idx ON sign_in_guards (person_id) WHERE person_id IS NOT NULL;

-- Wrong tries by network address, whoever was meant. Addresses share a fixed number of slots, so
-- that whoever has many of them cannot fill the table.
CREATE TABLE address_guards (
    slot        integer PRIMARY KEY,
    wrong_tries smallint NOT NULL CONSTRAINT address_guards_tries_are_bounded CHECK (wrong_tries BETWEEN 0 AND 100),
    began_at    timestamptz NOT NULL            -- when the first of them was made
);
