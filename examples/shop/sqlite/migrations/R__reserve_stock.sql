-- Purpose: sets goods aside for an order; the one way in which reservations are made:
--   INSERT INTO reserve_stock (product_id, quantity) VALUES (7, 2);

DROP VIEW IF EXISTS reserve_stock;

CREATE VIEW reserve_stock AS SELECT product_id, reserved AS quantity FROM stock;

CREATE TRIGGER reserve_stock_insert INSTEAD OF INSERT ON reserve_stock
BEGIN
  SELECT RAISE(ABORT, 'not enough of this product on the shelf')
  WHERE NOT EXISTS (SELECT 1 FROM stock WHERE product_id = NEW.product_id AND on_hand - reserved >= NEW.quantity);
  UPDATE stock SET reserved = reserved + NEW.quantity WHERE product_id = NEW.product_id;
END;
