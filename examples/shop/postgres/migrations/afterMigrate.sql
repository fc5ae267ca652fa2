-- Whoever reads the shop's figures may read tables and views that a migration just made.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_reporting') THEN
    GRANT USAGE ON SCHEMA public TO shop_reporting;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO shop_reporting;
  END IF;
END
$$;
