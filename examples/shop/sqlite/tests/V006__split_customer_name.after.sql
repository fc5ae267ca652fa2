-- martlet:check "SELECT last_name FROM customers WHERE email = 'grace@example.com'" expect "Hopper"
-- martlet:check "SELECT last_name FROM customers WHERE email = 'plato@example.com'" expect "Plato"
-- martlet:check "SELECT first_name || '|' || last_name FROM customers WHERE email = 'ludwig@example.com'" expect "Ludwig van|Beethoven"

-- Code that is still old writes the full name, code that is already new writes both parts.
INSERT INTO customers (email, full_name) VALUES ('old@example.com', 'Old Code');
INSERT INTO customers (email, first_name, last_name) VALUES ('new@example.com', 'New', 'Code');
UPDATE customers SET full_name = 'Grace B. Hopper' WHERE email = 'grace@example.com';
UPDATE customers SET first_name = 'Aristocles' WHERE email = 'plato@example.com';

-- martlet:check "SELECT first_name || '|' || last_name FROM customers WHERE email = 'old@example.com'" expect "Old|Code"
-- martlet:check "SELECT full_name FROM customers WHERE email = 'new@example.com'" expect "New Code"
-- martlet:check "SELECT first_name FROM customers WHERE email = 'grace@example.com' AND last_name = 'Hopper'" expect "Grace B."
-- martlet:check "SELECT full_name FROM customers WHERE email = 'plato@example.com'" expect "Aristocles Plato"
