-- Purpose: sets goods aside for an order; the one way in which reservations are made

CREATE OR REPLACE FUNCTION reserve_stock(wanted_product bigint, wanted_quantity integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  left_over integer;
BEGIN
  UPDATE stock SET reserved = reserved + wanted_quantity
  WHERE product_id = wanted_product AND on_hand - reserved >= wanted_quantity
  RETURNING on_hand - reserved INTO left_over;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not enough of product % on the shelf', wanted_product
      USING HINT = 'order_items of other orders may hold reservations; see the view stock_levels';
  END IF;
  RETURN left_over;
END
$$;
