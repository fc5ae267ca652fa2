-- Purpose: orders and what is in them
-- Dependencies: V001 customers, V002 products
-- Rollback plan: drop both tables; orders placed since are lost
-- Performance impact: none, the tables are new
-- Testing notes: a customer with orders cannot be deleted
-- Ticket: SHOP-3

CREATE TABLE orders (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers,
  placed_at   TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  status      TEXT    NOT NULL DEFAULT 'new'
);

CREATE TABLE order_items (
  order_id         INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id       INTEGER NOT NULL REFERENCES products,
  quantity         INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_cents INTEGER NOT NULL CHECK (unit_price_cents >= 0),
  PRIMARY KEY (order_id, product_id)
) WITHOUT ROWID;

CREATE INDEX order_items_product_idx ON order_items (product_id);

-- martlet:down
DROP TABLE order_items;
DROP TABLE orders;
