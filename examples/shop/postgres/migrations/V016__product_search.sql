-- Purpose: the search box finds products by the words of their title, their colour and their number
-- Dependencies: V009 the colour column
-- Rollback plan: drop the column; it is computed from the others
-- Performance impact: rewrites the table of products while nobody can read it: some thousand rows, below a second
-- Testing notes: 'red mug' finds 'Mug, large' in red
-- Ticket: SHOP-41

ALTER TABLE products ADD COLUMN search tsvector
  GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || coalesce(color, '') || ' ' || sku)) STORED;

CREATE INDEX products_search_idx ON products USING gin (search);

-- martlet:down
ALTER TABLE products DROP COLUMN search;
