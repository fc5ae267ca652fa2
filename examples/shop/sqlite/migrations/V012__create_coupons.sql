-- Purpose: coupons; brings the two branches of work (V010 totals, V011 stock) together
-- Dependencies: V010 orders with totals, V011
-- Rollback plan: drop the column and the table; which order used which coupon is lost
-- Performance impact: none, the new column is empty
-- Testing notes: a coupon that is not valid yet, is over, or has no end
-- Ticket: SHOP-30
-- martlet:depends V010, V011

CREATE TABLE coupons (
  code        TEXT    PRIMARY KEY CHECK (code = upper(code)),
  percent_off INTEGER NOT NULL CHECK (percent_off BETWEEN 1 AND 100),
  valid_from  TEXT    NOT NULL DEFAULT (date('now')),
  valid_until TEXT    CHECK (valid_until > valid_from)
) WITHOUT ROWID;

ALTER TABLE orders ADD COLUMN coupon_code TEXT REFERENCES coupons ON UPDATE CASCADE;

-- martlet:down
-- The repeatable file made this on top of the column.
DROP VIEW IF EXISTS order_overview;
ALTER TABLE orders DROP COLUMN coupon_code;
DROP TABLE coupons;
