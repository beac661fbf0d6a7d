-- Where merchants are told of events, with which secrets what is sent is signed, and how it went.

CREATE TABLE webhook_endpoints (
    id               uuid PRIMARY KEY,
    merchant_id      uuid NOT NULL REFERENCES merchants (id),
    url              text NOT NULL CONSTRAINT webhook_endpoints_url_has_length CHECK (length(url) BETWEEN 1 AND 2048),
    description      text NOT NULL CONSTRAINT webhook_endpoints_description_has_length CHECK (length(description) <= 140),
    events           jsonb NOT NULL,       -- patterns such as payment.*, or * for everything
    status           text NOT NULL CONSTRAINT webhook_endpoints_status_is_known CHECK (status IN ('enabled', 'disabled')),
    disabled_because text CONSTRAINT webhook_endpoints_cause_is_known CHECK (disabled_because IN ('gone', 'failing')),
    disabled_at      timestamptz,
    failing_since    timestamptz,          -- the first failure after the last success
    resting_until    timestamptz,          -- it asked to be left alone for so long
    created_at       timestamptz NOT NULL,
    CONSTRAINT webhook_endpoints_disabled_with_cause CHECK (
        (status = 'disabled') = (disabled_because IS NOT NULL) AND (status = 'disabled') = (disabled_at IS NOT NULL)
    )
);
CREATE INDEX webhook_endpoints_merchant_idx ON webhook_endpoints (merchant_id, created_at, id);

-- The newest signs, and so does an older one until it expires.
CREATE TABLE webhook_secrets (
    id            uuid PRIMARY KEY,
    endpoint_id   uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,
    made_at       timestamptz NOT NULL,
    expires_at    timestamptz
);
CREATE INDEX webhook_secrets_endpoint_idx ON webhook_secrets (endpoint_id);

-- One event on its way to one endpoint; redelivering it begins another round of tries.
CREATE TABLE webhook_deliveries (
    id          uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id    uuid NOT NULL REFERENCES merchant_events (id),
    status      text NOT NULL CONSTRAINT webhook_deliveries_status_is_known
                CHECK (status IN ('pending', 'delivered', 'failed')),
    round       integer NOT NULL DEFAULT 1,
    tries       integer NOT NULL DEFAULT 0,     -- in this round
    created_at  timestamptz NOT NULL,
    next_at     timestamptz,
    ended_at    timestamptz,
    CONSTRAINT webhook_deliveries_key UNIQUE (endpoint_id, event_id),
    CONSTRAINT webhook_deliveries_pending_have_a_next CHECK ((status = 'pending') = (next_at IS NOT NULL)),
    CONSTRAINT webhook_deliveries_end_when_ended CHECK ((status = 'pending') = (ended_at IS NULL))
);
CREATE INDEX webhook_deliveries_endpoint_idx ON webhook_deliveries (endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_event_idx ON webhook_deliveries (event_id);

CREATE TABLE webhook_attempts (
    id          uuid PRIMARY KEY,
    delivery_id uuid NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    duration_ms integer NOT NULL,
    status_code integer,                  -- null when there was no answer
    answer      text NOT NULL DEFAULT '', -- its first kilobyte
    error       text CONSTRAINT webhook_attempts_error_is_known CHECK
                (error IN ('refused_address', 'unreachable', 'tls', 'timeout', 'broken', 'redirect',
                           'status', 'no_secret'))
);
CREATE INDEX webhook_attempts_delivery_idx ON webhook_attempts (delivery_id, at DESC, id DESC);
