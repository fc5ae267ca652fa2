-- Purpose: money that came in for an order
-- Dependencies: V003 orders
-- Rollback plan: drop the table; payments recorded since are lost
-- Performance impact: none, the table is new
-- Testing notes: an order may be paid in parts
-- Ticket: SHOP-9

CREATE TABLE payments (
  id           INTEGER PRIMARY KEY,
  order_id     INTEGER NOT NULL REFERENCES orders,
  method       TEXT    NOT NULL,
  amount_cents INTEGER NOT NULL,
  paid_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  card_digits  TEXT
);

CREATE INDEX payments_order_idx ON payments (order_id);

-- martlet:down
DROP TABLE payments;
