-- Purpose: where invoices and parcels go
-- Dependencies: V001 customers
-- Rollback plan: drop the table; addresses entered since are lost
-- Performance impact: none, the table is new
-- Testing notes: one default address of each kind a customer
-- Ticket: SHOP-7

CREATE TABLE addresses (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers ON DELETE CASCADE,
  kind        TEXT    NOT NULL CHECK (kind IN ('billing', 'shipping')),
  street      TEXT    NOT NULL,
  postcode    TEXT    NOT NULL,
  city        TEXT    NOT NULL,
  country     TEXT    NOT NULL DEFAULT 'DE' CHECK (country GLOB '[A-Z][A-Z]'),
  is_default  INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))
);

CREATE UNIQUE INDEX addresses_one_default_idx ON addresses (customer_id, kind) WHERE is_default;

-- martlet:down
DROP TABLE addresses;
