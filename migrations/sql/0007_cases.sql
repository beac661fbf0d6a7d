-- A merchant is paused by its own people, or suspended by the desk; who else may answer for it.
ALTER TABLE merchants
    ADD COLUMN paused_at timestamptz,
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN offered_to uuid REFERENCES people (id);
-- One application of a person is looked at at a time.
CREATE UNIQUE INDEX merchants_application_key ON merchants (owner_id) WHERE status = 'applied';

-- What uPay cannot put right by itself: somebody at the desk looks into it, and says how it ended.

CREATE TABLE cases (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CONSTRAINT cases_kind_is_known CHECK
                (kind IN ('refund_unanswered', 'refund_unclaimed', 'provider_contradiction', 'provider_silent',
                          'reversal_short', 'statement_difference', 'payout_failed')),
    subject_id  uuid NOT NULL,                          -- what it is about; which table, the kind tells
    detail      jsonb NOT NULL DEFAULT '{}',            -- codes, ids and minor units
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz,
    closed_by   uuid REFERENCES people (id),
    outcome     text CONSTRAINT cases_outcome_is_known
                CHECK (outcome IN ('put_right', 'nothing_wrong', 'written_off')),
    reason      text,
    CONSTRAINT cases_close_with_an_outcome CHECK
        ((closed_at IS NULL) = (outcome IS NULL) AND (closed_at IS NULL) = (reason IS NULL)
            AND (closed_at IS NULL) = (closed_by IS NULL))
);
-- As long as somebody still has to look, the same thing is not reported twice.
CREATE UNIQUE INDEX cases_open_key ON cases (kind, subject_id) WHERE closed_at IS NULL;
CREATE INDEX cases_open_idx ON cases (opened_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_closed_idx ON cases (opened_at, id) WHERE closed_at IS NOT NULL;
