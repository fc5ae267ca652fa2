-- Purpose: one line an order, as the shop's staff see it

CREATE OR REPLACE VIEW order_overview AS
SELECT orders.id,
       orders.placed_at,
       customers.email,
       order_statuses.label AS status,
       orders.total_cents,
       discounted(orders.total_cents, coupons.percent_off) AS to_pay_cents,
       coalesce(paid.cents, 0) AS paid_cents
FROM orders
JOIN customers ON customers.id = orders.customer_id
JOIN order_statuses ON order_statuses.code = orders.status
LEFT JOIN coupons ON coupons.code = orders.coupon_code AND orders.placed_at::date <@ coupons.valid
LEFT JOIN LATERAL (SELECT sum(amount_cents) AS cents FROM payments WHERE payments.order_id = orders.id) AS paid ON true;
