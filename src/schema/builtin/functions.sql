-- Functions that every database is born with. kind is f function, p procedure, a aggregate, w window; volatility is
-- i immutable, s stable, v volatile; defaults is how many of the last arguments may be left out. Names without a schema
-- are of pg_catalog. Identifiers from 12000 on differ between builds of a server: they are numbered anew.
WITH types AS (
  SELECT t.oid, CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || t.typname AS name
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace),
kept AS (
  SELECT p.*, CASE n.nspname WHEN 'pg_catalog' THEN '' ELSE n.nspname || '.' END || p.proname AS full_name,
         (SELECT string_agg(t.name, ',' ORDER BY a.place)
          FROM unnest(p.proargtypes) WITH ORDINALITY AS a(type, place) JOIN types t ON t.oid = a.type) AS arguments
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  -- What only pg_upgrade calls differs between minor releases.
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND p.proname NOT LIKE 'binary\_upgrade\_%')
SELECT CASE WHEN p.oid < 12000 THEN p.oid
            ELSE 12000 + row_number() OVER (PARTITION BY p.oid < 12000 ORDER BY p.full_name COLLATE "C", p.arguments)
       END AS id,
       p.full_name AS name, p.prokind AS kind, p.provolatile AS volatility, r.name AS returns,
       p.proretset AS returns_set, p.arguments, p.pronargdefaults AS defaults, p.provariadic <> 0 AS variadic
FROM kept p JOIN types r ON r.oid = p.prorettype
ORDER BY p.full_name COLLATE "C", p.arguments COLLATE "C"
