-- Purpose: how much of each product is on the shelf
-- Dependencies: V002 products, and nothing of what the orders team did meanwhile
-- Rollback plan: drop the table; counts are lost and have to be taken again
-- Performance impact: one row a product
-- Testing notes: every product has a row, with 0 on hand
-- Ticket: SHOP-24
-- martlet:depends V007

CREATE TABLE stock (
  product_id INTEGER PRIMARY KEY REFERENCES products ON DELETE CASCADE,
  on_hand    INTEGER NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
  reserved   INTEGER NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand)
);

INSERT INTO stock (product_id) SELECT id FROM products;

CREATE TRIGGER products_add_stock AFTER INSERT ON products
BEGIN
  INSERT INTO stock (product_id) VALUES (NEW.id);
END;

-- martlet:down
-- The repeatable files made these on top of the table.
DROP VIEW IF EXISTS stock_levels;
DROP VIEW IF EXISTS reserve_stock;
DROP TRIGGER products_add_stock;
DROP TABLE stock;
