-- Purpose: letters need a first and a last name; the shop's old code still reads and writes full_name
-- Dependencies: V001 customers
-- Rollback plan: drop the two columns; full_name was kept in step, so no name is lost
-- Performance impact: rewrites every customer once; SET NOT NULL reads the table
-- Testing notes: tests/V006__split_customer_name.*.sql: one word, three words, old code, new code
-- Ticket: SHOP-14

ALTER TABLE customers ADD COLUMN first_name text, ADD COLUMN last_name text;

-- The last word is the last name. Who has one word only has no first name.
UPDATE customers
SET first_name = trim(regexp_replace(trim(full_name), '\S+$', '')),
    last_name  = substring(trim(full_name) FROM '\S+$');

-- martlet:check "SELECT count(*) FROM customers WHERE last_name IS NULL" expect "0"
-- martlet:check "SELECT count(*) FROM customers WHERE trim(first_name || ' ' || last_name) <> regexp_replace(trim(full_name), '\s+', ' ', 'g')" expect "0"

ALTER TABLE customers ALTER COLUMN first_name SET NOT NULL, ALTER COLUMN last_name SET NOT NULL;

-- Whichever side the code writes, the other follows, until all code is new.
CREATE FUNCTION customers_sync_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_name IS NULL OR (TG_OP = 'UPDATE' AND NEW.full_name IS DISTINCT FROM OLD.full_name) THEN
    NEW.first_name := trim(regexp_replace(trim(NEW.full_name), '\S+$', ''));
    NEW.last_name  := substring(trim(NEW.full_name) FROM '\S+$');
  ELSE
    NEW.full_name := trim(NEW.first_name || ' ' || NEW.last_name);
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER customers_sync_name BEFORE INSERT OR UPDATE ON customers
  FOR EACH ROW EXECUTE FUNCTION customers_sync_name();

-- martlet:down
DROP TRIGGER customers_sync_name ON customers;
DROP FUNCTION customers_sync_name();
ALTER TABLE customers DROP COLUMN first_name, DROP COLUMN last_name;
