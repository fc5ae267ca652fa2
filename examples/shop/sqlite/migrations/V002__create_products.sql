-- Purpose: what the shop sells
-- Dependencies: none
-- Rollback plan: drop the table; products entered since are lost
-- Performance impact: none, the table is new
-- Testing notes: a price below zero and attributes that are not JSON are refused
-- Ticket: SHOP-2

CREATE TABLE products (
  id          INTEGER PRIMARY KEY,
  sku         TEXT    NOT NULL UNIQUE,
  title       TEXT    NOT NULL,
  price_cents INTEGER NOT NULL CHECK (price_cents >= 0),
  attributes  TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(attributes)),
  category    TEXT    NOT NULL DEFAULT 'Everything else'
);

-- martlet:down
DROP TABLE products;
