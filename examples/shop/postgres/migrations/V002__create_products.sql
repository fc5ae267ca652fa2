-- Purpose: what the shop sells
-- Dependencies: none
-- Rollback plan: drop the table; products entered since are lost
-- Performance impact: none, the table is new
-- Testing notes: a price below zero is refused
-- Ticket: SHOP-2

CREATE TABLE products (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku         text    NOT NULL UNIQUE,
  title       text    NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents >= 0),
  attributes  jsonb   NOT NULL DEFAULT '{}',
  category    text    NOT NULL DEFAULT 'Everything else'
);

COMMENT ON COLUMN products.attributes IS 'what only some products have, such as {"color": "red", "weight_grams": 120}';

-- martlet:down
DROP TABLE products;
