-- Casts that every database is born with: method is f function, b binary coercible, i by the types' text; context is
-- e explicit, a assignment, i implicit.
SELECT s.typname AS source, t.typname AS target, c.castmethod AS method, c.castcontext AS context,
       c.castfunc::oid AS function
FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget
WHERE c.oid < 16384
ORDER BY s.typname COLLATE "C", t.typname COLLATE "C"
