-- Purpose: categories in a table of their own, so that they can be renamed and nested
-- Dependencies: V002 products
-- Rollback plan: write each category's name back into products.category; nesting is lost
-- Performance impact: rewrites every product once
-- Testing notes: every product keeps its category, spelled as before
-- Ticket: SHOP-15

CREATE TABLE categories (
  id        INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES categories,
  name      TEXT NOT NULL UNIQUE
);

INSERT INTO categories (name) SELECT DISTINCT category FROM products ORDER BY category;
INSERT INTO categories (name) VALUES ('Everything else') ON CONFLICT (name) DO NOTHING;

ALTER TABLE products ADD COLUMN category_id INTEGER REFERENCES categories;
UPDATE products SET category_id = (SELECT id FROM categories WHERE name = products.category);
-- martlet:check "SELECT count(*) FROM products WHERE category_id IS NULL" expect "0"
ALTER TABLE products DROP COLUMN category;

CREATE INDEX products_category_idx ON products (category_id);

-- martlet:down
ALTER TABLE products ADD COLUMN category TEXT NOT NULL DEFAULT 'Everything else';
UPDATE products SET category = (SELECT name FROM categories WHERE id = products.category_id) WHERE category_id IS NOT NULL;
DROP INDEX products_category_idx;
ALTER TABLE products DROP COLUMN category_id;
DROP TABLE categories;
