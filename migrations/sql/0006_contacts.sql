-- Contacts come and go with a day's notice; phrases tell real letters from fakes.

ALTER TABLE contacts
    ADD COLUMN usable_at  timestamptz,          -- from when on it may let its owner in
    ADD COLUMN leaves_at  timestamptz,          -- when it will be removed, while that can be undone
    ADD COLUMN removed_at timestamptz;
UPDATE contacts SET usable_at = verified_at;
ALTER TABLE contacts
    ADD CONSTRAINT contacts_leaving_is_verified
        CHECK (leaves_at IS NULL OR verified_at IS NOT NULL),
    ADD CONSTRAINT contacts_removed_is_nobodys
        CHECK (removed_at IS NULL OR verified_at IS NULL);

-- What somebody wrote to recognise our letters by; earlier ones stay for the letter about the change.
CREATE TABLE phrases (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES people (id),
    text        text NOT NULL CONSTRAINT phrases_text_has_length CHECK (length(text) BETWEEN 4 AND 40),
    set_at      timestamptz NOT NULL,
    replaced_at timestamptz
);
CREATE UNIQUE INDEX phrases_current_key ON phrases (person_id) WHERE replaced_at IS NULL;
