"""A schema of many tables, as an application has them."""

TABLES_A_STATEMENT = 200  # so that no transaction needs more locks than a server has by default


def make_schema(tables: int) -> list:
    """Statements, each one transaction: tables of five columns with a key and an index, a foreign key on every third,
    a CHECK on every fourth, a view on every twentieth; a function and a trigger on every fiftieth."""
    setup = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    return [setup, *(_block(first, min(first + TABLES_A_STATEMENT, tables + 1))
                     for first in range(1, tables + 1, TABLES_A_STATEMENT))]


def _block(first: int, last: int) -> str:
    body = "".join(_template(*step) for step in STEPS)
    return f"DO $do$ BEGIN FOR n IN {first}..{last - 1} LOOP {body} END LOOP; END $do$"


def _template(every: int, sql: str) -> str:
    return f"IF n % {every} = 0 THEN EXECUTE replace($sql${sql}$sql$, '#', n::text); END IF; "


STEPS = [
    (1, "CREATE TABLE table_# (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(100) NOT NULL, "
        "amount numeric(12,2) DEFAULT 0, made timestamptz NOT NULL DEFAULT now(), other_id bigint)"),
    (1, "CREATE INDEX table_#_made ON table_# (made)"),
    (3, "ALTER TABLE table_# ADD CONSTRAINT table_#_other FOREIGN KEY (other_id) REFERENCES table_# (id)"),
    (4, "ALTER TABLE table_# ADD CONSTRAINT table_#_amount CHECK (amount >= 0)"),
    (20, "CREATE VIEW view_# AS SELECT id, name, amount * 2 AS doubled FROM table_# WHERE amount > 1"),
    (50, "CREATE TRIGGER touched BEFORE UPDATE ON table_# FOR EACH ROW EXECUTE FUNCTION touch()"),
]
