-- A payment from the time when digits were kept, and one with an odd way of paying.
INSERT INTO payments (order_id, method, amount_cents, card_digits)
SELECT id, 'Credit Card', 1290, '4242' FROM orders WHERE status = 'shipped';
INSERT INTO payments (order_id, method, amount_cents) SELECT id, 'paypal', 90 FROM orders WHERE status = 'new';
