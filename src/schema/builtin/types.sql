-- Types that every database is born with, row types and their arrays left out. Names without a schema are of pg_catalog.
-- Identifiers from 12000 on differ between builds of a server: they are numbered anew.
WITH named AS (
  SELECT t.*, CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || t.typname AS full_name
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema')),
kept AS (
  SELECT t.* FROM named t
  WHERE t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid AND e.typrelid <> 0))
SELECT CASE WHEN t.oid < 12000 THEN t.oid
            ELSE 12000 + row_number() OVER (PARTITION BY t.oid < 12000 ORDER BY t.full_name COLLATE "C") END AS id,
       t.full_name AS name, t.typtype AS kind, t.typcategory AS category, t.typlen AS length,
       e.full_name AS element, a.full_name AS array, b.full_name AS base, t.typcollation <> 0 AS collatable,
       t.typispreferred AS preferred, t.typstorage AS storage
FROM kept t LEFT JOIN named e ON e.typarray = t.oid LEFT JOIN named a ON a.oid = t.typarray
  LEFT JOIN named b ON b.oid = t.typbasetype
ORDER BY t.full_name COLLATE "C"
