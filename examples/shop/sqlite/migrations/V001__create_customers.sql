-- Purpose: the people who buy
-- Dependencies: none
-- Rollback plan: drop the table; customers entered since are lost
-- Performance impact: none, the table is new
-- Testing notes: the e-mail address is unique whatever its case
-- Ticket: SHOP-1

CREATE TABLE customers (
  id         INTEGER PRIMARY KEY,
  email      TEXT NOT NULL CHECK (email LIKE '%_@_%'),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  full_name  TEXT NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX customers_email_key ON customers (lower(email));

-- martlet:down
DROP TABLE customers;
