-- Purpose: how much of each product is on the shelf
-- Dependencies: V002 products, and nothing of what the orders team did meanwhile
-- Rollback plan: drop the table; counts are lost and have to be taken again
-- Performance impact: one row a product
-- Testing notes: every product has a row, with 0 on hand
-- Ticket: SHOP-24
-- martlet:depends V007

CREATE TABLE stock (
  product_id bigint  PRIMARY KEY REFERENCES products ON DELETE CASCADE,
  on_hand    integer NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
  reserved   integer NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand)
);

INSERT INTO stock (product_id) SELECT id FROM products;

CREATE FUNCTION products_add_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stock (product_id) VALUES (NEW.id);
  RETURN NULL;
END
$$;

CREATE TRIGGER products_add_stock AFTER INSERT ON products
  FOR EACH ROW EXECUTE FUNCTION products_add_stock();

-- martlet:down
-- The repeatable files made these on top of the table.
DROP VIEW IF EXISTS stock_levels;
DROP FUNCTION IF EXISTS reserve_stock(bigint, integer);
DROP TRIGGER products_add_stock ON products;
DROP FUNCTION products_add_stock();
DROP TABLE stock;
