-- Purpose: colour and weight are searched and summed up: columns in place of JSON keys
-- Dependencies: V002 products
-- Rollback plan: the values go back into the JSON, then the columns go
-- Performance impact: rewrites every product that has one of the two keys
-- Testing notes: tests/V009__product_attributes_to_columns.*.sql: other keys stay; there and back gives the same JSON
-- Ticket: SHOP-21

ALTER TABLE products
  ADD COLUMN color text,
  ADD COLUMN weight_grams integer CHECK (weight_grams > 0);

UPDATE products
SET color        = attributes ->> 'color',
    weight_grams = (attributes ->> 'weight_grams')::integer,
    attributes   = attributes - 'color' - 'weight_grams'
WHERE attributes ?| ARRAY['color', 'weight_grams'];

-- martlet:check "SELECT count(*) FROM products WHERE attributes ?| ARRAY['color', 'weight_grams']" expect "0"

-- martlet:down
UPDATE products
SET attributes = attributes || jsonb_strip_nulls(jsonb_build_object('color', color, 'weight_grams', weight_grams))
WHERE color IS NOT NULL OR weight_grams IS NOT NULL;

ALTER TABLE products DROP COLUMN color, DROP COLUMN weight_grams;
