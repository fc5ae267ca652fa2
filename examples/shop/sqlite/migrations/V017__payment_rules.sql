-- Purpose: only known ways of paying, and no payments of nothing
-- Dependencies: V005 payments
-- Rollback plan: the table without the rules; ways of paying that were renamed keep their new names
-- Performance impact: writes the table anew: SQLite cannot add a CHECK to a table that exists
-- Testing notes: 'Credit Card' becomes 'card'; a refund is a negative amount, 0 is refused
-- Ticket: SHOP-44

CREATE TABLE new_payments (
  id           INTEGER PRIMARY KEY,
  order_id     INTEGER NOT NULL REFERENCES orders,
  method       TEXT    NOT NULL CHECK (method IN ('card', 'transfer', 'paypal', 'voucher')),
  amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
  paid_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);

INSERT INTO new_payments (id, order_id, method, amount_cents, paid_at)
SELECT id, order_id,
       CASE lower(trim(method))
         WHEN 'credit card'   THEN 'card'
         WHEN 'bank transfer' THEN 'transfer'
         ELSE lower(trim(method))
       END,
       amount_cents, paid_at
FROM payments;

DROP TABLE payments;
ALTER TABLE new_payments RENAME TO payments;
CREATE INDEX payments_order_idx ON payments (order_id);

-- martlet:check "SELECT count(*) FROM pragma_foreign_key_check('payments')" expect "0"

-- martlet:down
CREATE TABLE new_payments (
  id           INTEGER PRIMARY KEY,
  order_id     INTEGER NOT NULL REFERENCES orders,
  method       TEXT    NOT NULL,
  amount_cents INTEGER NOT NULL,
  paid_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);

INSERT INTO new_payments (id, order_id, method, amount_cents, paid_at)
SELECT id, order_id, method, amount_cents, paid_at FROM payments;

DROP TABLE payments;
ALTER TABLE new_payments RENAME TO payments;
CREATE INDEX payments_order_idx ON payments (order_id);
