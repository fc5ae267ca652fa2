-- Purpose: "my orders" looks up the newest orders of one customer
-- Dependencies: V003 orders
-- Rollback plan: drop the index, concurrently as well
-- Performance impact: reads the table twice, but orders can be placed all the while
-- Testing notes: EXPLAIN of "my orders" shows the index
-- Ticket: SHOP-33
-- martlet:no-transaction

CREATE INDEX CONCURRENTLY orders_customer_placed_idx ON orders (customer_id, placed_at DESC);

-- martlet:down
-- martlet:no-transaction
DROP INDEX CONCURRENTLY orders_customer_placed_idx;
