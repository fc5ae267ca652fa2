-- Purpose: all code reads first_name and last_name; full_name is kept for one more release under a name nobody uses
-- Dependencies: V006, and every instance of the shop on release 2.4 or newer
-- Rollback plan: full_name comes back, filled for customers who came since, and is kept in step again
-- Performance impact: none going forward; the rollback rewrites customers who came since
-- Testing notes: tests/V018__retire_full_name.*.sql
-- Ticket: SHOP-47

DROP TRIGGER customers_sync_name ON customers;
DROP FUNCTION customers_sync_name();
ALTER TABLE customers ALTER COLUMN full_name DROP NOT NULL;
ALTER TABLE customers RENAME COLUMN full_name TO full_name_deprecated;

-- martlet:down
ALTER TABLE customers RENAME COLUMN full_name_deprecated TO full_name;
UPDATE customers SET full_name = trim(first_name || ' ' || last_name)
WHERE full_name IS DISTINCT FROM trim(first_name || ' ' || last_name);
ALTER TABLE customers ALTER COLUMN full_name SET NOT NULL;

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
