-- Purpose: parcels, each with the address as it was when it left
-- Dependencies: V003 orders, V004 addresses, V008 statuses
-- Rollback plan: drop the table; tracking numbers entered since are lost
-- Performance impact: reads the orders that were shipped
-- Testing notes: an order shipped before this has a shipment without a tracking number
-- Ticket: SHOP-40

CREATE TABLE shipments (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id        bigint      NOT NULL REFERENCES orders ON DELETE CASCADE,
  shipped_at      timestamptz NOT NULL DEFAULT now(),
  address         jsonb       NOT NULL,
  tracking_number text UNIQUE
);

INSERT INTO shipments (order_id, shipped_at, address)
SELECT orders.id, orders.placed_at,
       coalesce(to_jsonb(addresses) - 'id' - 'customer_id' - 'kind' - 'is_default', '{}')
FROM orders
LEFT JOIN addresses ON addresses.customer_id = orders.customer_id AND kind = 'shipping' AND is_default
WHERE orders.status IN ('shipped', 'delivered');

-- martlet:check "SELECT count(*) FROM orders WHERE status IN ('shipped', 'delivered') AND id NOT IN (SELECT order_id FROM shipments)" expect "0"

CREATE INDEX shipments_order_idx ON shipments (order_id);

-- martlet:down
DROP TABLE shipments;
