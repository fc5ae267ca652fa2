-- One order for each spelling that was found in production.
INSERT INTO orders (customer_id, placed_at, status)
SELECT (SELECT min(id) FROM customers), '2024-01-0' || column1, column2
FROM (VALUES (1, 'new'), (2, ' Shipped'), (3, 'CANCELED'), (4, 'done'), (5, 'ask Bob'));
