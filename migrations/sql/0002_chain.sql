-- The chain. What was written for ever is numbered without gaps by one sealer, a moment after its
-- commit: numbers drawn while writing would neither follow the order of commits nor be gapless.
CREATE TABLE chain_links (
    seq        bigint PRIMARY KEY CONSTRAINT chain_links_seq_is_positive CHECK (seq > 0),
    sealed_at  timestamptz NOT NULL,
    subject_id uuid NOT NULL CONSTRAINT chain_links_subject_key UNIQUE,
    entries    int NOT NULL CONSTRAINT chain_links_entries_not_negative CHECK (entries >= 0),
    kind       text NOT NULL CONSTRAINT chain_links_kind_is_known CHECK (kind IN ('posting', 'audit_record')),
    hash       bytea NOT NULL CONSTRAINT chain_links_hash_is_sha256 CHECK (octet_length(hash) = 32)
);

CREATE TABLE chain_anchors (
    day      date PRIMARY KEY,
    last_seq bigint NOT NULL CONSTRAINT chain_anchors_seq_is_positive CHECK (last_seq > 0),
    hash     bytea NOT NULL CONSTRAINT chain_anchors_hash_is_sha256 CHECK (octet_length(hash) = 32),
    postings bigint NOT NULL CONSTRAINT chain_anchors_postings_not_negative CHECK (postings >= 0),
    entries  bigint NOT NULL CONSTRAINT chain_anchors_entries_not_negative CHECK (entries >= 0),
    key_id   text NOT NULL,
    mac      bytea NOT NULL CONSTRAINT chain_anchors_mac_is_sha256 CHECK (octet_length(mac) = 32),
    made_at  timestamptz NOT NULL
);

CREATE TRIGGER chain_links_insert_only BEFORE UPDATE OR DELETE ON chain_links
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER chain_links_no_truncate BEFORE TRUNCATE ON chain_links
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
CREATE TRIGGER chain_anchors_insert_only BEFORE UPDATE OR DELETE ON chain_anchors
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER chain_anchors_no_truncate BEFORE TRUNCATE ON chain_anchors
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();

-- What waits for its link. A row is here from the transaction that wrote its subject to the one
-- that seals it, so nothing is missed and nothing depends on clocks or transaction numbers, also
-- after a restore into another cluster. No index: it is read as a whole, and is empty most of the time.
CREATE TABLE unsealed (
    since      timestamptz NOT NULL DEFAULT clock_timestamp(),
    subject_id uuid NOT NULL,
    kind       text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE FUNCTION await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unsealed (subject_id, kind) SELECT a.id, TG_ARGV[0] FROM added a;
    RETURN NULL;
END $$;

CREATE TRIGGER postings_await_their_seal AFTER INSERT ON postings
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION await_seal('posting');
CREATE TRIGGER audit_records_await_their_seal AFTER INSERT ON audit_records
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION await_seal('audit_record');

-- Everything from before there was a chain.
INSERT INTO unsealed (subject_id, kind)
    SELECT id, kind FROM (
        SELECT p.id, 'posting' AS kind, p.posted_at AS at FROM postings p
        UNION ALL SELECT r.id, 'audit_record', r.at FROM audit_records r
    ) earlier ORDER BY at, id;
