-- Purpose: the states of an order in a lookup table, in place of whatever text the code wrote
-- Dependencies: V003 orders
-- Rollback plan: drop the reference and the table; spellings that were corrected are put back
-- Performance impact: reads every order, rewrites those with an odd spelling
-- Testing notes: tests/V008__order_status_lookup.*.sql: ' Shipped', 'CANCELED', 'done' and an unknown word
-- Ticket: SHOP-18

CREATE TABLE order_statuses (
  code     text     PRIMARY KEY,
  label    text     NOT NULL,
  position smallint NOT NULL UNIQUE,
  is_final boolean  NOT NULL DEFAULT false
);

INSERT INTO order_statuses (code, label, position, is_final) VALUES
  ('new',       'New',            1, false),
  ('paid',      'Paid',           2, false),
  ('shipped',   'On its way',     3, false),
  ('delivered', 'Delivered',      4, true),
  ('cancelled', 'Cancelled',      5, true),
  ('unclear',   'To be clarified', 6, false);

-- What the rollback needs: the orders whose text is corrected below, as they were.
CREATE TABLE order_status_spellings (
  order_id bigint PRIMARY KEY REFERENCES orders ON DELETE CASCADE,
  spelling text NOT NULL
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
ALTER TABLE orders ADD CONSTRAINT orders_status_fkey FOREIGN KEY (status) REFERENCES order_statuses;

-- martlet:down
ALTER TABLE orders DROP CONSTRAINT orders_status_fkey;
UPDATE orders SET status = old.spelling FROM order_status_spellings AS old WHERE old.order_id = orders.id;
DROP TABLE order_status_spellings;
DROP TABLE order_statuses;
