-- What a careful person would write to move money in one call, on the tables of uPay: key, locks,
-- checks, movement, posting, two entries, counters and stream events.

CREATE FUNCTION one_transfer(owner uuid, given text, source uuid, target uuid, amount bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    movement uuid := uuidv7();
    posting  uuid := uuidv7();
    payer    accounts;
    payee    accounts;
BEGIN
    INSERT INTO idempotency_keys (owner_id, key, digest, movement_id, created_at)
    VALUES (owner, given, '\x00', movement, now()) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN (SELECT m.status FROM idempotency_keys k JOIN movements m ON m.id = k.movement_id
                WHERE k.owner_id = owner AND k.key = given);
    END IF;

    IF source < target THEN
        SELECT * INTO payer FROM accounts WHERE id = source FOR NO KEY UPDATE;
        SELECT * INTO payee FROM accounts WHERE id = target FOR NO KEY UPDATE;
    ELSE
        SELECT * INTO payee FROM accounts WHERE id = target FOR NO KEY UPDATE;
        SELECT * INTO payer FROM accounts WHERE id = source FOR NO KEY UPDATE;
    END IF;
    IF payer.closed_at IS NOT NULL OR payer.freeze_level > 0
        OR payee.closed_at IS NOT NULL OR payee.freeze_level > 1
        OR payer.posted_credits - payer.posted_debits - payer.pending_debits - amount < payer.floor
    THEN
        RAISE EXCEPTION 'refused';
    END IF;

    INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, currency,
                           stream_seq, created_at, settled_at)
    VALUES (movement, 'transfer', 'completed', owner, source, target, amount, payer.currency, 1, now(), now());
    INSERT INTO postings (id, kind, movement_id, currency, posted_at)
    VALUES (posting, 'move', movement, payer.currency, now());
    UPDATE accounts SET posted_debits = posted_debits + amount, version = version + 1, stream_seq = stream_seq + 1
    WHERE id = source;
    UPDATE accounts SET posted_credits = posted_credits + amount, version = version + 1, stream_seq = stream_seq + 1
    WHERE id = target;
    INSERT INTO entries (account_id, version, posting_id, side, posted, pending, balance_after) VALUES
        (source, payer.version + 1, posting, 'D', amount, 0, payer.posted_credits - payer.posted_debits - amount),
        (target, payee.version + 1, posting, 'C', amount, 0, payee.posted_credits - payee.posted_debits + amount);
    INSERT INTO stream_events (stream_id, seq, kind, subject_id, status, at) VALUES
        (source, payer.stream_seq + 1, 'movement', movement, 'completed', now()),
        (target, payee.stream_seq + 1, 'movement', movement, 'completed', now()),
        (movement, 1, 'movement', movement, 'completed', now());
    RETURN 'completed';
END $$;

-- The wallets of the benchmark have numbers, so that pgbench can choose among them.
CREATE FUNCTION wallet_number(number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('00000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid
$$;
