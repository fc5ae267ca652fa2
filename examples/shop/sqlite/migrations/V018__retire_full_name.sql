-- Purpose: all code reads first_name and last_name; full_name is kept for one more release under a name nobody uses
-- Dependencies: V006, and every instance of the shop on release 2.4 or newer
-- Rollback plan: full_name comes back, filled for customers who came since, and is kept in step again
-- Performance impact: none going forward; the rollback rewrites customers who came since
-- Testing notes: tests/V018__retire_full_name.*.sql
-- Ticket: SHOP-47

DROP TRIGGER customers_split_name_on_insert;
DROP TRIGGER customers_split_name_on_update;
DROP TRIGGER customers_join_name_on_insert;
DROP TRIGGER customers_join_name_on_update;
ALTER TABLE customers RENAME COLUMN full_name TO full_name_deprecated;

-- martlet:down
ALTER TABLE customers RENAME COLUMN full_name_deprecated TO full_name;
UPDATE customers SET full_name = trim(first_name || ' ' || last_name)
WHERE full_name <> trim(first_name || ' ' || last_name);

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
