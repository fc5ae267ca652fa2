"""The table that several benchmarks work on."""

# 6 columns, about 150 bytes a row, 2 indexes beside the key.
TABLE = """
CREATE TABLE orders (id bigint PRIMARY KEY, customer int NOT NULL, total int NOT NULL, state text NOT NULL,
                     note text NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO orders SELECT g, g % 100000, g % 5000, CASE WHEN g % 10 = 0 THEN 'open' ELSE 'sent' END,
                          repeat(md5(g::text), 3), '2024-01-01'::timestamptz + g * interval '1 s'
                   FROM generate_series(1, {rows}) g;
CREATE INDEX orders_customer ON orders (customer);
CREATE INDEX orders_created_at ON orders (created_at);
"""
