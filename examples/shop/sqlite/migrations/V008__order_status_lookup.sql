-- Purpose: the states of an order in a lookup table, in place of whatever text the code wrote
-- Dependencies: V003 orders
-- Rollback plan: drop the triggers and the table; spellings that were corrected are put back
-- Performance impact: reads every order, rewrites those with an odd spelling
-- Testing notes: tests/V008__order_status_lookup.*.sql: ' Shipped', 'CANCELED', 'done' and an unknown word
-- Ticket: SHOP-18

CREATE TABLE order_statuses (
  code     TEXT    PRIMARY KEY,
  label    TEXT    NOT NULL,
  position INTEGER NOT NULL UNIQUE,
  is_final INTEGER NOT NULL DEFAULT 0 CHECK (is_final IN (0, 1))
) WITHOUT ROWID;

INSERT INTO order_statuses (code, label, position, is_final) VALUES
  ('new',       'New',             1, 0),
  ('paid',      'Paid',            2, 0),
  ('shipped',   'On its way',      3, 0),
  ('delivered', 'Delivered',       4, 1),
  ('cancelled', 'Cancelled',       5, 1),
  ('unclear',   'To be clarified', 6, 0);

-- What the rollback needs: the orders whose text is corrected below, as they were.
CREATE TABLE order_status_spellings (
  order_id INTEGER PRIMARY KEY REFERENCES orders ON DELETE CASCADE,
  spelling TEXT NOT NULL
);

INSERT INTO order_status_spellings
SELECT id, status FROM orders WHERE status NOT IN (SELECT code FROM order_statuses);

UPDATE orders
SET status = CASE
      WHEN lower(trim(status)) IN (SELECT code FROM order_statuses) THEN lower(trim(status))
      WHEN lower(trim(status)) IN ('canceled', 'storno')            THEN 'cancelled'
      WHEN lower(trim(status)) IN ('done', 'complete', 'completed') THEN 'delivered'
      ELSE 'unclear'
    END
WHERE status NOT IN (SELECT code FROM order_statuses);

-- martlet:check "SELECT count(*) FROM orders WHERE status NOT IN (SELECT code FROM order_statuses)" expect "0"

-- SQLite cannot add a foreign key to a table that exists, and others point at this one: triggers guard it.
CREATE TRIGGER orders_status_known_on_insert BEFORE INSERT ON orders
WHEN NOT EXISTS (SELECT 1 FROM order_statuses WHERE code = NEW.status)
BEGIN
  SELECT RAISE(ABORT, 'unknown order status');
END;

CREATE TRIGGER orders_status_known_on_update BEFORE UPDATE OF status ON orders
WHEN NOT EXISTS (SELECT 1 FROM order_statuses WHERE code = NEW.status)
BEGIN
  SELECT RAISE(ABORT, 'unknown order status');
END;

-- martlet:down
DROP TRIGGER orders_status_known_on_insert;
DROP TRIGGER orders_status_known_on_update;
UPDATE orders SET status = (SELECT spelling FROM order_status_spellings WHERE order_id = orders.id)
WHERE id IN (SELECT order_id FROM order_status_spellings);
DROP TABLE order_status_spellings;
DROP TABLE order_statuses;
