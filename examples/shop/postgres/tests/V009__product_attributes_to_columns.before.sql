INSERT INTO products (sku, title, price_cents, attributes, category_id) VALUES
  ('MUG-R', 'Mug, large', 1290, '{"color": "red", "weight_grams": 340, "dishwasher": true}', (SELECT min(id) FROM categories)),
  ('PEN-1', 'Pencil', 90, '{"color": "blue"}', (SELECT min(id) FROM categories)),
  ('GIFT', 'Gift card', 2500, '{}', (SELECT min(id) FROM categories));
