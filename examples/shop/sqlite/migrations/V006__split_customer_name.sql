-- Purpose: letters need a first and a last name; the shop's old code still reads and writes full_name
-- Dependencies: V001 customers
-- Rollback plan: drop the two columns; full_name was kept in step, so no name is lost
-- Performance impact: rewrites every customer once
-- Testing notes: tests/V006__split_customer_name.*.sql: one word, three words, old code, new code
-- Ticket: SHOP-14

ALTER TABLE customers ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN last_name TEXT NOT NULL DEFAULT '';

-- The last word is the last name: rtrim takes away everything behind the last space.
UPDATE customers
SET first_name = trim(rtrim(trim(full_name), replace(full_name, ' ', ''))),
    last_name  = substr(trim(full_name), length(rtrim(trim(full_name), replace(full_name, ' ', ''))) + 1);

-- martlet:check "SELECT count(*) FROM customers WHERE last_name = '' AND trim(full_name) <> ''" expect "0"
-- martlet:check "SELECT count(*) FROM customers WHERE first_name || last_name <> replace(full_name, ' ', '') AND first_name NOT LIKE '% %'" expect "0"

-- Whichever side the code writes, the other follows, until all code is new.
CREATE TRIGGER customers_split_name_on_insert AFTER INSERT ON customers WHEN NEW.last_name = ''
BEGIN
  UPDATE customers
  SET first_name = trim(rtrim(trim(full_name), replace(full_name, ' ', ''))),
      last_name  = substr(trim(full_name), length(rtrim(trim(full_name), replace(full_name, ' ', ''))) + 1)
  WHERE id = NEW.id;
END;

CREATE TRIGGER customers_split_name_on_update AFTER UPDATE OF full_name ON customers
WHEN NEW.full_name <> trim(NEW.first_name || ' ' || NEW.last_name)
BEGIN
  UPDATE customers
  SET first_name = trim(rtrim(trim(full_name), replace(full_name, ' ', ''))),
      last_name  = substr(trim(full_name), length(rtrim(trim(full_name), replace(full_name, ' ', ''))) + 1)
  WHERE id = NEW.id;
END;

CREATE TRIGGER customers_join_name_on_insert AFTER INSERT ON customers WHEN NEW.last_name <> ''
BEGIN
  UPDATE customers SET full_name = trim(first_name || ' ' || last_name) WHERE id = NEW.id;
END;

CREATE TRIGGER customers_join_name_on_update AFTER UPDATE OF first_name, last_name ON customers
WHEN NEW.full_name <> trim(NEW.first_name || ' ' || NEW.last_name)
BEGIN
  UPDATE customers SET full_name = trim(first_name || ' ' || last_name) WHERE id = NEW.id;
END;

-- martlet:down
DROP TRIGGER customers_split_name_on_insert;
DROP TRIGGER customers_split_name_on_update;
DROP TRIGGER customers_join_name_on_insert;
DROP TRIGGER customers_join_name_on_update;
ALTER TABLE customers DROP COLUMN last_name;
ALTER TABLE customers DROP COLUMN first_name;
