-- Purpose: categories in a table of their own, so that they can be renamed and nested
-- Dependencies: V002 products
-- Rollback plan: write each category's name back into products.category; nesting is lost
-- Performance impact: rewrites every product once
-- Testing notes: every product keeps its category, spelled as before
-- Ticket: SHOP-15

CREATE TABLE categories (
  id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent_id integer REFERENCES categories,
  name      text NOT NULL UNIQUE
);

INSERT INTO categories (name) SELECT DISTINCT category FROM products ORDER BY category;
INSERT INTO categories (name) VALUES ('Everything else') ON CONFLICT (name) DO NOTHING;

ALTER TABLE products ADD COLUMN category_id integer REFERENCES categories;
UPDATE products SET category_id = categories.id FROM categories WHERE categories.name = products.category;
-- martlet:check "SELECT count(*) FROM products WHERE category_id IS NULL" expect "0"
ALTER TABLE products ALTER COLUMN category_id SET NOT NULL;
ALTER TABLE products DROP COLUMN category;

CREATE INDEX products_category_idx ON products (category_id);

-- martlet:down
ALTER TABLE products ADD COLUMN category text NOT NULL DEFAULT 'Everything else';
UPDATE products SET category = categories.name FROM categories WHERE categories.id = products.category_id;
ALTER TABLE products DROP COLUMN category_id;
DROP TABLE categories;
