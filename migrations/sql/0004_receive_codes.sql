-- What stands for a wallet in the codes that people are paid by: random, so that it tells nothing.

CREATE TABLE receive_tokens (
    wallet_id uuid PRIMARY KEY REFERENCES accounts (id),
    token     text NOT NULL CONSTRAINT receive_tokens_token_key UNIQUE
              CONSTRAINT receive_tokens_token_is_base32 CHECK (token ~ '^[A-Z2-7]{16}$'),
    made_at   timestamptz NOT NULL
);
