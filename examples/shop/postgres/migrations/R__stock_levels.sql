-- Purpose: what can still be sold, and what to order again

CREATE OR REPLACE VIEW stock_levels AS
SELECT products.id AS product_id,
       products.sku,
       products.title,
       stock.on_hand - stock.reserved AS available,
       stock.on_hand - stock.reserved < 5 AS order_again
FROM products
JOIN stock ON stock.product_id = products.id;
