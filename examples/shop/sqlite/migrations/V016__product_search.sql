-- Purpose: the search box finds products by the words of their title, their colour and their number
-- Dependencies: V009 the colour column
-- Rollback plan: drop the triggers and the search index; it is computed from products
-- Performance impact: reads every product; from then on one more write for each change of a product
-- Testing notes: 'red mug' finds 'Mug, large' in red
-- Ticket: SHOP-41

CREATE VIRTUAL TABLE product_search USING fts5 (title, color, sku, content='products', content_rowid='id');
INSERT INTO product_search (product_search) VALUES ('rebuild');

CREATE TRIGGER product_search_on_insert AFTER INSERT ON products
BEGIN
  INSERT INTO product_search (rowid, title, color, sku) VALUES (NEW.id, NEW.title, NEW.color, NEW.sku);
END;

CREATE TRIGGER product_search_on_delete AFTER DELETE ON products
BEGIN
  INSERT INTO product_search (product_search, rowid, title, color, sku)
  VALUES ('delete', OLD.id, OLD.title, OLD.color, OLD.sku);
END;

CREATE TRIGGER product_search_on_update AFTER UPDATE OF title, color, sku ON products
BEGIN
  INSERT INTO product_search (product_search, rowid, title, color, sku)
  VALUES ('delete', OLD.id, OLD.title, OLD.color, OLD.sku);
  INSERT INTO product_search (rowid, title, color, sku) VALUES (NEW.id, NEW.title, NEW.color, NEW.sku);
END;

-- martlet:down
DROP TRIGGER product_search_on_insert;
DROP TRIGGER product_search_on_delete;
DROP TRIGGER product_search_on_update;
DROP TABLE product_search;
