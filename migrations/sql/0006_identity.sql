-- Who somebody is: sealed files, the papers people show, what they ask to be verified as.

-- A file that only the server's keys open: `sealed_key` is the file's own key, sealed with one of them.
CREATE TABLE sealed_files (
    id         uuid PRIMARY KEY,
    sealed_key bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE sealed_parts (
    file_id uuid NOT NULL REFERENCES sealed_files (id) ON DELETE CASCADE,
    number  integer NOT NULL CONSTRAINT sealed_parts_number_not_negative CHECK (number >= 0),
    sealed  bytea NOT NULL,
    PRIMARY KEY (file_id, number)
);
-- What is sealed is not made smaller by compressing it.
ALTER TABLE sealed_parts ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE verification_requests (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    level      smallint NOT NULL CONSTRAINT verification_requests_level_is_known CHECK (level BETWEEN 1 AND 3),
    file_id    uuid REFERENCES sealed_files (id) ON DELETE SET NULL,   -- name and number; null once erased
    status     text NOT NULL CONSTRAINT verification_requests_status_is_known
               CHECK (status IN ('asked', 'accepted', 'refused')),
    refusal    text,
    asked_at   timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid REFERENCES people (id),
    CONSTRAINT verification_requests_are_decided_by_somebody CHECK
        ((status = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT verification_requests_are_refused_with_a_reason CHECK ((status = 'refused') = (refusal IS NOT NULL))
);
CREATE UNIQUE INDEX verification_requests_one_open_key ON verification_requests (person_id) WHERE status = 'asked';
CREATE INDEX verification_requests_waiting_idx ON verification_requests (asked_at, id) WHERE status = 'asked';
CREATE INDEX verification_requests_person_idx ON verification_requests (person_id, asked_at);
CREATE INDEX verification_requests_file_idx ON verification_requests (file_id);

-- What somebody shows to prove who they are: a picture or a PDF, sealed.
CREATE TABLE papers (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    file_id    uuid NOT NULL REFERENCES sealed_files (id) ON DELETE CASCADE,
    request_id uuid REFERENCES verification_requests (id),             -- null until a request names it
    media_type text NOT NULL CONSTRAINT papers_media_type_is_known
               CHECK (media_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    length     integer NOT NULL CONSTRAINT papers_length_fits CHECK (length BETWEEN 1 AND 5242880),
    sha256     bytea NOT NULL CONSTRAINT papers_sha256_is_one CHECK (octet_length(sha256) = 32),
    created_at timestamptz NOT NULL
);
CREATE INDEX papers_person_idx ON papers (person_id);
CREATE INDEX papers_request_idx ON papers (request_id);
CREATE INDEX papers_file_idx ON papers (file_id);

-- Account names of closed accounts, which nobody gets again: only a MAC of each is kept.
CREATE TABLE retired_names (
    mac        text PRIMARY KEY CONSTRAINT retired_names_mac_is_sha256 CHECK (mac ~ '^[0-9a-f]{64}$'),
    key_id     text NOT NULL,
    retired_at timestamptz NOT NULL
);
