-- Purpose: "my orders" looks up the newest orders of one customer
-- Dependencies: V003 orders
-- Rollback plan: drop the index
-- Performance impact: nobody else can write while it is built: below a second for a million orders
-- Testing notes: EXPLAIN QUERY PLAN of "my orders" shows the index
-- Ticket: SHOP-33

CREATE INDEX orders_customer_placed_idx ON orders (customer_id, placed_at DESC);

-- martlet:down
DROP INDEX orders_customer_placed_idx;
