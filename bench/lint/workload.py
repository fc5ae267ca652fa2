"""The migrations that both judge: what people do to tables in use, safe and unsafe forms mixed."""
import random

STATEMENTS_A_FILE = 10

TEMPLATES = [
    "CREATE TABLE {t} (\n  id bigint PRIMARY KEY,\n  name text NOT NULL,\n  amount numeric(12, 2) NOT NULL DEFAULT 0,\n"
    "  created_at timestamptz NOT NULL DEFAULT now()\n)",
    "ALTER TABLE {o} ADD COLUMN {c} text",
    "ALTER TABLE {o} ADD COLUMN {c} bigint NOT NULL DEFAULT 0",
    "ALTER TABLE {o} ADD COLUMN {c} timestamptz DEFAULT now()",
    "CREATE INDEX {o}_{c} ON {o} (name, created_at)",
    "CREATE INDEX CONCURRENTLY {o}_{c}_late ON {o} (amount) WHERE amount > 0",
    "ALTER TABLE {o} ADD CONSTRAINT {o}_{c}_positive CHECK (amount >= 0) NOT VALID",
    "ALTER TABLE {o} VALIDATE CONSTRAINT {o}_{c}_positive",
    "ALTER TABLE {o} ALTER COLUMN amount TYPE numeric(14, 2)",
    "ALTER TABLE {o} ALTER COLUMN name SET NOT NULL",
    "ALTER TABLE {t} ADD CONSTRAINT {t}_{c}_fk FOREIGN KEY (id) REFERENCES {o} (id) NOT VALID",
    "UPDATE {o} SET name = lower(name) WHERE created_at < now() - interval '1 year' AND name <> lower(name)",
    "INSERT INTO {o} (id, name, amount) SELECT id, name, sum(amount) FROM {t} GROUP BY id, name HAVING count(*) > 1",
    "CREATE OR REPLACE VIEW {o}_view_{c} AS\n  SELECT a.id, a.name, b.amount FROM {o} a LEFT JOIN {t} b ON b.id = a.id "
    "WHERE a.amount > 10 ORDER BY a.created_at",
    "COMMENT ON TABLE {o} IS 'Items of department {c}'",
    "DROP INDEX CONCURRENTLY IF EXISTS {o}_{c}_old",
    "ALTER TABLE {o} RENAME COLUMN name TO {c}_name",
    "GRANT SELECT, INSERT ON {t} TO reporting",
    "DELETE FROM {o} WHERE id IN (SELECT id FROM {t} WHERE amount = 0)",
    "ALTER TABLE {o} DROP COLUMN IF EXISTS {c}_unused",
]


def make_statements(count: int) -> list:
    """The same for every run: nothing here depends on the machine or the day."""
    choose = random.Random(20_000)
    statements = []
    for number in range(count):
        names = {"t": f"item_{number:06d}", "o": f"orders_{choose.randrange(max(count // 20, 1)):05d}", "c": f"c{number:06d}"}
        statements.append(choose.choice(TEMPLATES).format(**names))
    return statements


def write_files(folder, statements: list, a_file: int) -> list:
    """Flyway's names, so that martlet knows the order; returns the paths."""
    folder.mkdir(parents=True)
    paths = []
    for begin in range(0, len(statements), a_file):
        path = folder / f"V{len(paths) + 1:05d}__change.sql"
        path.write_text("".join(f"{statement};\n\n" for statement in statements[begin:begin + a_file]), encoding="utf-8")
        paths.append(path)
    return paths
