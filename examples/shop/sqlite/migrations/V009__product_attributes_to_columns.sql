-- Purpose: colour and weight are searched and summed up: columns in place of JSON keys
-- Dependencies: V002 products
-- Rollback plan: the values go back into the JSON, then the columns go
-- Performance impact: rewrites every product that has one of the two keys
-- Testing notes: tests/V009__product_attributes_to_columns.*.sql: other keys stay; there and back gives the same JSON
-- Ticket: SHOP-21

ALTER TABLE products ADD COLUMN color TEXT;
ALTER TABLE products ADD COLUMN weight_grams INTEGER CHECK (weight_grams > 0);

UPDATE products
SET color        = json_extract(attributes, '$.color'),
    weight_grams = json_extract(attributes, '$.weight_grams'),
    attributes   = json_remove(attributes, '$.color', '$.weight_grams')
WHERE json_type(attributes, '$.color') IS NOT NULL OR json_type(attributes, '$.weight_grams') IS NOT NULL;

-- martlet:check "SELECT count(*) FROM products WHERE json_type(attributes, '$.color') IS NOT NULL OR json_type(attributes, '$.weight_grams') IS NOT NULL" expect "0"

-- martlet:down
UPDATE products SET attributes = json_set(attributes, '$.color', color) WHERE color IS NOT NULL;
UPDATE products SET attributes = json_set(attributes, '$.weight_grams', weight_grams) WHERE weight_grams IS NOT NULL;
ALTER TABLE products DROP COLUMN weight_grams;
ALTER TABLE products DROP COLUMN color;
