"""Alembic, as Debian ships it, with one transaction a revision."""
from migrate.peers.peer import Peer
from support.measurement import Command

ENVIRONMENT = '''import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["BENCH_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
'''

REVISION = '''"""{name}"""
from alembic import op

revision = "{version}"
down_revision = {before!r}


def upgrade():
{up}

def downgrade():
{down}
'''


def calls(statements: list) -> str:
    return "".join(f"    op.execute({statement!r})\n" for statement in statements)


class Alembic(Peer):
    label = "alembic, one transaction a revision"
    layout = "alembic"
    apply_rounds = 1
    largest = 1000

    def write(self, folder, migrations, dialect):
        versions = folder / "alembic" / "versions"
        versions.mkdir(parents=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n", encoding="utf-8")
        (folder / "alembic" / "env.py").write_text(ENVIRONMENT, encoding="utf-8")
        before = None
        for migration in migrations:
            text = REVISION.format(name=migration.name, version=migration.version, before=before,
                                   up=calls(migration.up), down=calls(migration.down))
            (versions / f"{migration.version}_{migration.name}.py").write_text(text, encoding="utf-8")
            before = migration.version

    def command(self, job, folder, target):
        if target.dialect == "postgres":
            url = target.url("postgresql+psycopg2")
        else:
            url = f"sqlite:///{target.path}"
        verb = ["history", "--indicate-current"] if job == "status" else ["upgrade", "head"]
        # Empty means unset: Python may keep its compiled revisions, as it does for everybody.
        return Command(["alembic", *verb], folder, {"BENCH_URL": url, "PYTHONDONTWRITEBYTECODE": ""})
