-- Purpose: the people who buy
-- Dependencies: none
-- Rollback plan: drop the table; customers entered since are lost
-- Performance impact: none, the table is new
-- Testing notes: the e-mail address is unique whatever its case
-- Ticket: SHOP-1

CREATE TABLE customers (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email      text        NOT NULL CHECK (email LIKE '%_@_%'),
  created_at timestamptz NOT NULL DEFAULT now(),
  full_name  text        NOT NULL
);

CREATE UNIQUE INDEX customers_email_key ON customers (lower(email));

-- martlet:down
DROP TABLE customers;
