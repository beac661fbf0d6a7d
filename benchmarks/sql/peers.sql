-- What a peer needs to do the same work: one function for a transfer, three views for a screen.

CREATE SCHEMA peer;
CREATE TYPE peer.answer AS (movement_id uuid, outcome text, amount bigint);

-- One transfer by the function that uPay calls, with a batch of one. It knows nothing of sessions,
-- PINs, quotes or limits: whoever calls it has none of these to pay for.
CREATE FUNCTION peer.transfer(key text, owner_id uuid, source_id uuid, target_id uuid, amount bigint)
RETURNS peer.answer LANGUAGE sql VOLATILE AS $$
    SELECT (posted.movement).id, posted.outcome, (posted.movement).amount
    FROM (SELECT uuidv7() AS movement, uuidv7() AS posting) made, ledger_post(
        ARRAY[ROW(1, owner_id, key, '\x00', NULL, made.movement, 'transfer', NULL, 'completed', owner_id,
            source_id, target_id, amount, 0, 'CNY', '', NULL, NULL, NULL, made.posting, 'move', NULL, 0, NULL, 0, 0,
            NULL, true, true, NULL, NULL, now(), NULL, NULL, NULL, NULL)::ledger_command],
        ARRAY[ROW(1, made.posting, source_id, 'D', amount, 0, NULL, 1)::ledger_line,
            ROW(1, made.posting, target_id, 'C', amount, 0, NULL, 0)::ledger_line]) posted
$$;

-- Several at once, from some wallets to others: what a server could reach that had nothing else to do.
CREATE FUNCTION peer.transfers(owner_id uuid, size int, wallets int) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    WITH made AS MATERIALIZED (
        SELECT ord, wallet_number(random(1, wallets / 2)) AS source, wallet_number(random(wallets / 2 + 1, wallets)) AS target,
               uuidv7() AS movement, uuidv7() AS posting
        FROM generate_series(1, size) ord
    )
    SELECT count(*) FROM ledger_post(
        ARRAY(SELECT ROW(ord, owner_id, movement::text, '\x00', NULL, movement, 'transfer', NULL, 'completed', owner_id,
            source, target, 1, 0, 'CNY', '', NULL, NULL, NULL, posting, 'move', NULL, 0, NULL, 0, 0,
            NULL, true, true, NULL, NULL, now(), NULL, NULL, NULL, NULL)::ledger_command FROM made ORDER BY ord),
        ARRAY(SELECT ROW(ord, posting, account, side, 1, 0, NULL, 0)::ledger_line
            FROM made, LATERAL (VALUES (source, 'D'), (target, 'C')) AS sides (account, side))
    ) posted WHERE posted.outcome = 'done'
$$;

CREATE VIEW peer.people AS SELECT id, account_name, display_name FROM public.people;
COMMENT ON VIEW peer.people IS '@primaryKey id';

CREATE VIEW peer.wallets AS
SELECT id, owner_id, currency, posted_credits - posted_debits AS total, pending_debits AS held,
       posted_credits - posted_debits - pending_debits AS available
FROM public.accounts WHERE kind = 'wallet';
COMMENT ON VIEW peer.wallets IS E'@primaryKey id\n@foreignKey (owner_id) references peer.people (id)|@fieldName owner|@foreignFieldName wallets';

-- Both sides of every movement. A page of one wallet is two index scans, merged.
CREATE VIEW peer.movements AS
SELECT id, source_id AS wallet_id, target_id AS other_id, 'OUT' AS direction, status, amount, currency, note, created_at
FROM public.movements
UNION ALL
SELECT id, target_id, source_id, 'IN', status, amount, currency, note, created_at
FROM public.movements WHERE status = 'completed';
COMMENT ON VIEW peer.movements IS E'@primaryKey id,wallet_id\n@foreignKey (wallet_id) references peer.wallets (id)|@fieldName wallet|@foreignFieldName movements\n@foreignKey (other_id) references peer.wallets (id)|@fieldName other|@foreignFieldName otherMovements';

GRANT USAGE ON SCHEMA peer TO upay_app;
GRANT SELECT ON ALL TABLES IN SCHEMA peer TO upay_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA peer TO upay_app;
