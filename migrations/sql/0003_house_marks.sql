-- Whose database this is. The row says so for ever: people and money of one mode are never those
-- of another.

CREATE TABLE house_marks (
    id      smallint PRIMARY KEY CONSTRAINT house_marks_are_one CHECK (id = 1),
    mode    text NOT NULL CONSTRAINT house_marks_mode_is_known CHECK (mode IN ('demo', 'test', 'live')),
    made_at timestamptz NOT NULL
);

CREATE TRIGGER house_marks_insert_only BEFORE UPDATE OR DELETE ON house_marks
    FOR EACH ROW EXECUTE FUNCTION insert_only();
CREATE TRIGGER house_marks_no_truncate BEFORE TRUNCATE ON house_marks
    FOR EACH STATEMENT EXECUTE FUNCTION insert_only();
