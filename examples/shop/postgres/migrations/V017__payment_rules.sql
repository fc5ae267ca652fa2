-- Purpose: only known ways of paying, and no payments of nothing
-- Dependencies: V005 payments
-- Rollback plan: drop the rules; ways of paying that were renamed keep their new names
-- Performance impact: VALIDATE reads the table while payments go on being recorded
-- Testing notes: 'Credit Card' becomes 'card'; a refund is a negative amount, 0 is refused
-- Ticket: SHOP-44
-- martlet:timeout lock=1s statement=5min

UPDATE payments
SET method = CASE lower(trim(method))
      WHEN 'credit card'   THEN 'card'
      WHEN 'bank transfer' THEN 'transfer'
      ELSE lower(trim(method))
    END
WHERE method NOT IN ('card', 'transfer', 'paypal', 'voucher');

ALTER TABLE payments
  ADD CONSTRAINT payments_method_known CHECK (method IN ('card', 'transfer', 'paypal', 'voucher')) NOT VALID,
  ADD CONSTRAINT payments_amount_not_zero CHECK (amount_cents <> 0) NOT VALID;
ALTER TABLE payments VALIDATE CONSTRAINT payments_method_known;
ALTER TABLE payments VALIDATE CONSTRAINT payments_amount_not_zero;

-- martlet:down
ALTER TABLE payments DROP CONSTRAINT payments_method_known, DROP CONSTRAINT payments_amount_not_zero;
