-- Purpose: the shop stops keeping digits of customers' cards
-- Dependencies: V005 payments
-- Rollback plan: the column comes back empty. Its content is gone for good, which is what was wanted
-- Performance impact: none, the column is only marked as dropped
-- Testing notes: the down is lossy
-- Ticket: SHOP-37

ALTER TABLE payments DROP COLUMN card_digits;

-- martlet:down
ALTER TABLE payments ADD COLUMN card_digits text;
