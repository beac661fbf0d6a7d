-- How old passwords are, which were used before, and who asked to choose another.

-- Null while it is the password somebody registered with, which is as old as their account.
ALTER TABLE people
    ADD COLUMN password_set_at timestamptz,
    ADD COLUMN password_compromised_at timestamptz;     -- since when others may know it
CREATE INDEX people_password_age_idx ON people (coalesce(password_set_at, created_at), id)
    WHERE closed_at IS NULL;

-- What passwords were before; the newest of them are not to be chosen again.
CREATE TABLE password_hashes (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES people (id),
    hash        text NOT NULL,
    replaced_at timestamptz NOT NULL
);
CREATE INDEX password_hashes_person_idx ON password_hashes (person_id, replaced_at DESC);

-- Somebody, whoever it was, forgot the password of whoever owns a contact, if anybody does.
CREATE TABLE password_resets (
    id             uuid PRIMARY KEY,
    way            text NOT NULL,
    contact_mac    bytea NOT NULL,              -- what was asked for, to count how often
    sealed_contact bytea,                       -- the same, until the job has looked who it is
    address        text NOT NULL DEFAULT '',    -- from which network address
    person_id      uuid REFERENCES people (id), -- null for nobody
    contact_id     uuid,                        -- where the letter went; null for nobody
    wrong_tries    smallint NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz,
    CONSTRAINT password_resets_way_check CHECK (way IN ('link', 'code')),
    CONSTRAINT password_resets_wrong_tries_check CHECK (wrong_tries BETWEEN 0 AND 5)
);
CREATE INDEX password_resets_contact_idx ON password_resets (contact_mac, created_at);
CREATE INDEX password_resets_address_idx ON password_resets (address, created_at);
CREATE INDEX password_resets_person_idx ON password_resets (person_id) WHERE used_at IS NULL;
