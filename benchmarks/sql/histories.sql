-- Histories as they would be after years, written at once. Movements, postings, entries and counters agree;
-- there are no stream events, which only who follows would read.

-- A wallet pays each of the others one unit and gets it back, in turn, until `steps` (an even number) movements
-- are made.
CREATE FUNCTION write_history(payer uuid, wallet uuid, others uuid[], steps int, since timestamptz) RETURNS void
LANGUAGE sql AS $$
    WITH step AS MATERIALIZED (
        SELECT i, uuidv7() AS movement, uuidv7() AS posting, others[1 + i / 2 % cardinality(others)] AS other,
               i / 2 / cardinality(others) * 2 + i % 2 + 1 AS turn, i % 2 = 0 AS is_out,
               since + i * interval '1 second' AS at
        FROM generate_series(0, steps - 1) i
    ), moved AS (
        INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, currency, created_at, settled_at)
        SELECT movement, 'transfer', 'completed', payer, CASE WHEN is_out THEN wallet ELSE other END,
               CASE WHEN is_out THEN other ELSE wallet END, 1, 'CNY', at, at FROM step
    ), posted AS (
        INSERT INTO postings (id, kind, movement_id, currency, posted_at)
        SELECT posting, 'move', movement, 'CNY', at FROM step
    ), side AS (
        SELECT wallet AS account, i + 1 AS turn, posting, CASE WHEN is_out THEN 'D' ELSE 'C' END AS side,
               CASE WHEN is_out THEN -1 ELSE 0 END AS change FROM step
        UNION ALL
        SELECT other, turn, posting, CASE WHEN is_out THEN 'C' ELSE 'D' END, CASE WHEN is_out THEN 1 ELSE 0 END FROM step
    ), entered AS (
        INSERT INTO entries (account_id, version, posting_id, side, posted, pending, balance_after)
        SELECT a.id, a.version + s.turn, s.posting, s.side, 1, 0, a.posted_credits - a.posted_debits + s.change
        FROM side s JOIN accounts a ON a.id = s.account
    )
    UPDATE accounts a SET version = version + s.count, posted_debits = posted_debits + s.count / 2,
        posted_credits = posted_credits + s.count / 2
    FROM (SELECT account, count(*) FROM side GROUP BY account) s WHERE a.id = s.account
$$;
