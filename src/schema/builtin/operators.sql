-- Operators that every database is born with; left is empty for prefix operators.
SELECT o.oid AS id, o.oprname AS name, l.typname AS left, r.typname AS right, s.typname AS result,
       o.oprcode::oid AS function
FROM pg_operator o LEFT JOIN pg_type l ON l.oid = o.oprleft JOIN pg_type r ON r.oid = o.oprright
  JOIN pg_type s ON s.oid = o.oprresult
WHERE o.oid < 16384
ORDER BY o.oprname COLLATE "C", o.oid
