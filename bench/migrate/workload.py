"""The migrations that every contestant applies: a table of five columns, an index, and a comment where there are any."""
from dataclasses import dataclass


@dataclass
class Migration:
    number: int
    name: str
    up: list   # statements without their semicolon
    down: list

    @property
    def version(self) -> str:
        return f"{self.number:05d}"

    def up_sql(self) -> str:
        return "".join(f"{statement};\n" for statement in self.up)

    def down_sql(self) -> str:
        return "".join(f"{statement};\n" for statement in self.down)


COLUMNS = {
    "postgres": "id bigint PRIMARY KEY, name text NOT NULL, amount numeric(12, 2) NOT NULL DEFAULT 0,\n"
                "  created_at timestamptz NOT NULL DEFAULT now(), note text",
    "sqlite": "id integer PRIMARY KEY, name text NOT NULL, amount numeric NOT NULL DEFAULT 0,\n"
              "  created_at text NOT NULL DEFAULT CURRENT_TIMESTAMP, note text",
}


def make_migrations(dialect: str, count: int) -> list:
    return [_make(dialect, number) for number in range(1, count + 1)]


def _make(dialect: str, number: int) -> Migration:
    table = f"item_{number:05d}"
    up = [f"CREATE TABLE {table} (\n  {COLUMNS[dialect]}\n)", f"CREATE INDEX {table}_name ON {table} (name)"]
    if dialect == "postgres":
        up.append(f"COMMENT ON TABLE {table} IS 'Items of department {number}'")
    return Migration(number, f"create_{table}", up, [f"DROP TABLE {table}"])
