-- Operator classes that every database is born with, by access method; is_default is for the type it is made for.
SELECT c.oid AS id, c.opcname AS name, m.amname AS method, f.opfname AS family, t.typname AS type,
       c.opcdefault AS is_default
FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod JOIN pg_opfamily f ON f.oid = c.opcfamily
  JOIN pg_type t ON t.oid = c.opcintype
WHERE c.oid < 16384
ORDER BY c.opcname COLLATE "C", m.amname COLLATE "C", c.oid
