-- Tables and views that every database is born with, without indexes and TOAST tables: kind as in pg_class.relkind, and
-- columns as "name type", with ! behind those that are never null. Names without a schema are of pg_catalog.
-- Identifiers from 12000 on differ between builds of a server: they are numbered anew.
WITH types AS (
  SELECT t.oid, CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || t.typname AS name
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace),
kept AS (
  SELECT c.*, CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || c.relname AS full_name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v'))
SELECT CASE WHEN c.oid < 12000 THEN c.oid
            ELSE 12000 + row_number() OVER (PARTITION BY c.oid < 12000 ORDER BY c.full_name COLLATE "C") END AS id,
       c.full_name AS name, c.relkind AS kind,
       (SELECT string_agg(a.attname || ' ' || t.name || CASE WHEN a.attnotnull THEN '!' ELSE '' END, ','
                          ORDER BY a.attnum)
        FROM pg_attribute a JOIN types t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns
FROM kept c
ORDER BY c.full_name COLLATE "C"
