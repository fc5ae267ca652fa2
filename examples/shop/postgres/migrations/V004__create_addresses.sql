-- Purpose: where invoices and parcels go
-- Dependencies: V001 customers
-- Rollback plan: drop the table and its type; addresses entered since are lost
-- Performance impact: none, the table is new
-- Testing notes: one default address of each kind a customer
-- Ticket: SHOP-7

CREATE TYPE address_kind AS ENUM ('billing', 'shipping');

CREATE TABLE addresses (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint       NOT NULL REFERENCES customers ON DELETE CASCADE,
  kind        address_kind NOT NULL,
  street      text         NOT NULL,
  postcode    text         NOT NULL,
  city        text         NOT NULL,
  country     char(2)      NOT NULL DEFAULT 'DE' CHECK (country ~ '^[A-Z]{2}$'),
  is_default  boolean      NOT NULL DEFAULT false
);

CREATE UNIQUE INDEX addresses_one_default_idx ON addresses (customer_id, kind) WHERE is_default;

-- martlet:down
DROP TABLE addresses;
DROP TYPE address_kind;
