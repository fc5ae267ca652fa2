-- Purpose: money that came in for an order
-- Dependencies: V003 orders
-- Rollback plan: drop the table; payments recorded since are lost
-- Performance impact: none, the table is new
-- Testing notes: an order may be paid in parts
-- Ticket: SHOP-9

CREATE TABLE payments (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id     bigint      NOT NULL REFERENCES orders,
  method       text        NOT NULL,
  amount_cents integer     NOT NULL,
  paid_at      timestamptz NOT NULL DEFAULT now(),
  card_digits  text
);

CREATE INDEX payments_order_idx ON payments (order_id);

-- martlet:down
DROP TABLE payments;
