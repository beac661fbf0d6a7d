-- Archives of all that uPay keeps about somebody, made when they ask for one.

CREATE TABLE exports (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    status     text NOT NULL CONSTRAINT exports_status_is_known CHECK (status IN ('asked', 'ready', 'failed')),
    progress   smallint NOT NULL DEFAULT 0 CONSTRAINT exports_progress_is_percent CHECK (progress BETWEEN 0 AND 100),
    file_id    uuid REFERENCES sealed_files (id) ON DELETE SET NULL,   -- the archive, or what there is of it
    length     bigint NOT NULL DEFAULT 0 CONSTRAINT exports_length_not_negative CHECK (length >= 0),
    asked_at   timestamptz NOT NULL,
    ended_at   timestamptz,                                            -- when it was ready, or failed
    expires_at timestamptz,
    CONSTRAINT exports_end_once CHECK ((status = 'asked') = (ended_at IS NULL)),
    CONSTRAINT exports_expire_when_ready CHECK ((status = 'ready') = (expires_at IS NOT NULL))
);
CREATE UNIQUE INDEX exports_one_under_way_key ON exports (person_id) WHERE status = 'asked';
CREATE INDEX exports_person_idx ON exports (person_id, asked_at);
CREATE INDEX exports_file_idx ON exports (file_id);
