-- Purpose: coupons; brings the two branches of work (V010 totals, V011 stock) together
-- Dependencies: V010 orders with totals, V011
-- Rollback plan: drop the column and the table; which order used which coupon is lost
-- Performance impact: none, the new column is empty
-- Testing notes: a coupon that is not valid yet, is over, or has no end
-- Ticket: SHOP-30
-- martlet:depends V010, V011

CREATE TABLE coupons (
  code        text      PRIMARY KEY CHECK (code = upper(code)),
  percent_off smallint  NOT NULL CHECK (percent_off BETWEEN 1 AND 100),
  valid       daterange NOT NULL DEFAULT daterange(current_date, NULL) CHECK (NOT isempty(valid))
);

ALTER TABLE orders ADD COLUMN coupon_code text REFERENCES coupons ON UPDATE CASCADE;

CREATE FUNCTION discounted(cents bigint, percent_off smallint) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  BEGIN ATOMIC
    SELECT cents - cents * coalesce(percent_off, 0) / 100;
  END;

-- martlet:down
-- The repeatable file made this on top of the column and the function.
DROP VIEW IF EXISTS order_overview;
DROP FUNCTION discounted(bigint, smallint);
ALTER TABLE orders DROP COLUMN coupon_code;
DROP TABLE coupons;
