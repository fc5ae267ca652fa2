-- One order for each spelling that was found in production.
INSERT INTO orders (customer_id, placed_at, status)
SELECT (SELECT min(id) FROM customers), timestamptz '2024-01-01' + position * interval '1 day', spelling
FROM unnest(ARRAY['new', ' Shipped', 'CANCELED', 'done', 'ask Bob']) WITH ORDINALITY AS found (spelling, position);
