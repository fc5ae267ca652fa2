-- Purpose: one line an order, as the shop's staff see it
-- Payments are left out: their table is written anew now and then, which SQLite refuses while a view reads it.

DROP VIEW IF EXISTS order_overview;

CREATE VIEW order_overview AS
SELECT orders.id,
       orders.placed_at,
       customers.email,
       order_statuses.label AS status,
       orders.total_cents,
       orders.total_cents - orders.total_cents * coalesce(coupons.percent_off, 0) / 100 AS to_pay_cents
FROM orders
JOIN customers ON customers.id = orders.customer_id
JOIN order_statuses ON order_statuses.code = orders.status
LEFT JOIN coupons ON coupons.code = orders.coupon_code
  AND date(orders.placed_at) >= coupons.valid_from
  AND (coupons.valid_until IS NULL OR date(orders.placed_at) < coupons.valid_until);
