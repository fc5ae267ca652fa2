-- A customer who came when nothing wrote full_name any more.
INSERT INTO customers (email, first_name, last_name) VALUES ('late@example.com', 'Late', 'Comer');
-- martlet:check "SELECT count(*) FROM customers WHERE email = 'late@example.com' AND coalesce(full_name_deprecated, '') = ''" expect "1"
