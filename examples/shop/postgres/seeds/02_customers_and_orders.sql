-- Three customers and what they ordered. Run again and again without harm.
INSERT INTO customers (email, first_name, last_name) VALUES
  ('ada@shop.example',   'Ada',   'Lovelace'),
  ('alan@shop.example',  'Alan',  'Turing'),
  ('emmy@shop.example',  'Emmy',  'Noether')
ON CONFLICT DO NOTHING;

INSERT INTO addresses (customer_id, kind, street, postcode, city, is_default)
SELECT id, 'shipping', 'Hauptstr. 1', '91054', 'Erlangen', true FROM customers WHERE email = 'emmy@shop.example'
ON CONFLICT DO NOTHING;

INSERT INTO coupons (code, percent_off) VALUES ('WELCOME', 10) ON CONFLICT (code) DO NOTHING;

INSERT INTO orders (customer_id, status, coupon_code)
SELECT id, 'paid', 'WELCOME' FROM customers
WHERE email IN ('ada@shop.example', 'emmy@shop.example')
  AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.customer_id = customers.id);

INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents)
SELECT orders.id, products.id, 2, products.price_cents
FROM orders
JOIN customers ON customers.id = orders.customer_id AND customers.email LIKE '%@shop.example'
CROSS JOIN products
WHERE products.sku IN ('MUG-L-RED', 'PENCIL-HB')
ON CONFLICT DO NOTHING;

INSERT INTO payments (order_id, method, amount_cents)
SELECT id, 'card', total_cents FROM orders
WHERE status = 'paid' AND total_cents > 0
  AND NOT EXISTS (SELECT 1 FROM payments WHERE payments.order_id = orders.id);
