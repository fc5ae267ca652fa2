-- What the demo shop sells. Run again and again without harm.
INSERT INTO categories (name) VALUES ('Kitchen'), ('Office'), ('Garden') ON CONFLICT (name) DO NOTHING;

INSERT INTO products (sku, title, price_cents, color, weight_grams, category_id) VALUES
  ('MUG-L-RED', 'Mug, large',     1290, 'red',   340, (SELECT id FROM categories WHERE name = 'Kitchen')),
  ('KETTLE-1',  'Kettle',         4900, 'steel', 950, (SELECT id FROM categories WHERE name = 'Kitchen')),
  ('PENCIL-HB', 'Pencil',           90, 'blue',    6, (SELECT id FROM categories WHERE name = 'Office')),
  ('LAMP-DESK', 'Desk lamp',      3450, 'green', 820, (SELECT id FROM categories WHERE name = 'Office')),
  ('SPADE-01',  'Garden spade',   2790, NULL,   1600, (SELECT id FROM categories WHERE name = 'Garden'))
ON CONFLICT (sku) DO NOTHING;

UPDATE stock SET on_hand = 40 WHERE on_hand = 0;
