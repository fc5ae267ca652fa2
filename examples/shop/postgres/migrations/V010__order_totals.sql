-- Purpose: lists of orders show their total without adding up all items
-- Dependencies: V003 orders
-- Rollback plan: drop the triggers and the column; the total can be computed from the items at any time
-- Performance impact: rewrites every order once; from then on one more update for each change of an item
-- Testing notes: insert, update, delete of items, and moving an item to another order
-- Ticket: SHOP-23

ALTER TABLE orders ADD COLUMN total_cents bigint NOT NULL DEFAULT 0;

UPDATE orders
SET total_cents = sums.total
FROM (SELECT order_id, sum(quantity * unit_price_cents) AS total FROM order_items GROUP BY order_id) AS sums
WHERE sums.order_id = orders.id;

-- martlet:check "SELECT (SELECT coalesce(sum(total_cents), 0) FROM orders) - (SELECT coalesce(sum(quantity * unit_price_cents), 0) FROM order_items)" expect "0"

CREATE FUNCTION order_items_update_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('UPDATE', 'DELETE') THEN
    UPDATE orders SET total_cents = total_cents - OLD.quantity * OLD.unit_price_cents WHERE id = OLD.order_id;
  END IF;
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    UPDATE orders SET total_cents = total_cents + NEW.quantity * NEW.unit_price_cents WHERE id = NEW.order_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER order_items_update_total AFTER INSERT OR UPDATE OR DELETE ON order_items
  FOR EACH ROW EXECUTE FUNCTION order_items_update_total();

-- martlet:down
DROP TRIGGER order_items_update_total ON order_items;
DROP FUNCTION order_items_update_total();
ALTER TABLE orders DROP COLUMN total_cents;
