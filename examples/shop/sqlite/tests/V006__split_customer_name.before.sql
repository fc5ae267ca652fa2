-- Names as people enter them.
INSERT INTO customers (email, full_name) VALUES
  ('grace@example.com', 'Grace Hopper'),
  ('plato@example.com', 'Plato'),
  ('ludwig@example.com', 'Ludwig van Beethoven');
