-- Purpose: orders and what is in them
-- Dependencies: V001 customers, V002 products
-- Rollback plan: drop both tables; orders placed since are lost
-- Performance impact: none, the tables are new
-- Testing notes: a customer with orders cannot be deleted
-- Ticket: SHOP-3

CREATE TABLE orders (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint      NOT NULL REFERENCES customers,
  placed_at   timestamptz NOT NULL DEFAULT now(),
  status      text        NOT NULL DEFAULT 'new'
);

CREATE TABLE order_items (
  order_id         bigint  NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id       bigint  NOT NULL REFERENCES products,
  quantity         integer NOT NULL CHECK (quantity > 0),
  unit_price_cents integer NOT NULL CHECK (unit_price_cents >= 0),
  PRIMARY KEY (order_id, product_id)
);

CREATE INDEX order_items_product_idx ON order_items (product_id);

-- martlet:down
DROP TABLE order_items;
DROP TABLE orders;
