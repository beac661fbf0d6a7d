-- How far the time of a test server is ahead of the real one. A server of another mode has no row.

CREATE TABLE test_clock (
    name          text PRIMARY KEY CONSTRAINT test_clock_is_one CHECK (name = 'test'),
    ahead_seconds bigint NOT NULL
        CONSTRAINT test_clock_within_ten_years CHECK (ahead_seconds BETWEEN 0 AND 315360000)
);
