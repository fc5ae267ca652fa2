-- Purpose: lists of orders show their total without adding up all items
-- Dependencies: V003 orders
-- Rollback plan: drop the triggers and the column; the total can be computed from the items at any time
-- Performance impact: rewrites every order once; from then on one more update for each change of an item
-- Testing notes: insert, update, delete of items, and moving an item to another order
-- Ticket: SHOP-23

ALTER TABLE orders ADD COLUMN total_cents INTEGER NOT NULL DEFAULT 0;

UPDATE orders
SET total_cents = coalesce((SELECT sum(quantity * unit_price_cents) FROM order_items WHERE order_id = orders.id), 0);

-- martlet:check "SELECT (SELECT coalesce(sum(total_cents), 0) FROM orders) - (SELECT coalesce(sum(quantity * unit_price_cents), 0) FROM order_items)" expect "0"

CREATE TRIGGER order_items_total_on_insert AFTER INSERT ON order_items
BEGIN
  UPDATE orders SET total_cents = total_cents + NEW.quantity * NEW.unit_price_cents WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_total_on_update AFTER UPDATE ON order_items
BEGIN
  UPDATE orders SET total_cents = total_cents - OLD.quantity * OLD.unit_price_cents WHERE id = OLD.order_id;
  UPDATE orders SET total_cents = total_cents + NEW.quantity * NEW.unit_price_cents WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_total_on_delete AFTER DELETE ON order_items
BEGIN
  UPDATE orders SET total_cents = total_cents - OLD.quantity * OLD.unit_price_cents WHERE id = OLD.order_id;
END;

-- martlet:down
DROP TRIGGER order_items_total_on_insert;
DROP TRIGGER order_items_total_on_update;
DROP TRIGGER order_items_total_on_delete;
ALTER TABLE orders DROP COLUMN total_cents;
