-- Money in and out: what a provider was told, where the money is to go, and why it said no.
ALTER TABLE provider_orders
    ADD COLUMN told_at         timestamptz,   -- null: whatever was tried, the provider knows nothing of it
    ADD COLUMN bank_account_id uuid,          -- which card or bank account; null where the provider knows
    ADD COLUMN token           text,          -- the provider's word for it
    ADD COLUMN decline_code    text;          -- in the provider's own words
UPDATE provider_orders SET told_at = created_at;
CREATE INDEX provider_orders_bank_account_idx ON provider_orders (bank_account_id) WHERE bank_account_id IS NOT NULL;
