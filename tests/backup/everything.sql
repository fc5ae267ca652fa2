-- What a dump can trip over, with rows in it, under names that need quotes.
CREATE SCHEMA "Sales Dept";
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'so "happy", yes');
CREATE TABLE "Sales Dept"."Order ""Lines""" (
  id bigserial PRIMARY KEY,
  number int GENERATED ALWAYS AS IDENTITY,
  price numeric(10,2) NOT NULL,
  doubled numeric GENERATED ALWAYS AS (price * 2) STORED,
  note text,
  made timestamptz NOT NULL,
  raw bytea,
  ratio float8,
  paid money,
  lasts interval,
  feeling mood,
  code citext,
  tags text[],
  "weird\column" text);
INSERT INTO "Sales Dept"."Order ""Lines""" (price, note, made, raw, ratio, paid, lasts, feeling, code, tags, "weird\column")
SELECT g / 7.0, CASE g % 4 WHEN 0 THEN NULL WHEN 1 THEN E'tab\tline\nback\\slash' WHEN 2 THEN E'\\.' ELSE 'ünïcödé 漢字' END,
       '2024-03-31 01:30:00+01'::timestamptz + g * interval '1 hour', decode(md5(g::text), 'hex'), sqrt(g::float8),
       (g * 1.25)::numeric::money, g * interval '1 day 1.5 seconds', 'so "happy", yes', 'Code' || g, ARRAY['a,b', NULL, '"'], 'x' || g
FROM generate_series(1, 500) g;
DELETE FROM "Sales Dept"."Order ""Lines""" WHERE id % 9 = 0;

CREATE TABLE measured (city int NOT NULL, at date NOT NULL, value int) PARTITION BY RANGE (at);
CREATE TABLE measured_2023 PARTITION OF measured FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY LIST (city);
CREATE TABLE measured_2023_one PARTITION OF measured_2023 FOR VALUES IN (1);
CREATE TABLE measured_2023_rest PARTITION OF measured_2023 DEFAULT;
CREATE TABLE measured_rest PARTITION OF measured DEFAULT;
INSERT INTO measured SELECT g % 3, '2023-06-01'::date + g, g FROM generate_series(1, 400) g;

CREATE TABLE parent (a int);
CREATE TABLE child (b int) INHERITS (parent);
INSERT INTO parent VALUES (1), (2);
INSERT INTO child VALUES (3, 4);

CREATE TABLE secret (owner text, word text);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON secret USING (owner = current_user);
INSERT INTO secret VALUES ('somebody', 'hush'), ('else', 'hush hush');

CREATE UNLOGGED TABLE scratchpad (a int);
INSERT INTO scratchpad SELECT generate_series(1, 10);
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE empty_one (a int);
CREATE TABLE wide (t text);
INSERT INTO wide SELECT repeat('wide ' || g || ' ', 60000) FROM generate_series(1, 3) g;

CREATE SEQUENCE "odd seq" INCREMENT -3 MINVALUE -1000 MAXVALUE 1000 START 100;
SELECT nextval('"odd seq"'), nextval('"odd seq"');
CREATE SEQUENCE untouched;

CREATE MATERIALIZED VIEW totals AS SELECT city, sum(value) FROM measured GROUP BY city;
CREATE VIEW lines AS SELECT id, price FROM "Sales Dept"."Order ""Lines""";

SELECT lo_from_bytea(424242, decode(repeat('00ff10', 200000), 'hex')), lo_from_bytea(0, 'small'), lo_create(0);
CREATE TABLE self_reference (id int PRIMARY KEY, other int REFERENCES self_reference);
INSERT INTO self_reference VALUES (1, NULL), (2, 1);
UPDATE self_reference SET other = 2 WHERE id = 1;
