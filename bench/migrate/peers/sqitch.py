"""sqitch, as Debian ships it."""
from migrate.peers.peer import Peer
from support.measurement import Command


class Sqitch(Peer):
    label = "sqitch --no-verify"
    layout = "sqitch"
    apply_rounds = 1
    largest = 1000

    def write(self, folder, migrations, dialect):
        engine = "pg" if dialect == "postgres" else "sqlite"
        for part in ("deploy", "revert"):
            (folder / part).mkdir(parents=True)
        (folder / "sqitch.conf").write_text(f"[core]\n\tengine = {engine}\n", encoding="utf-8")
        plan = "%syntax-version=1.0.0\n%project=bench\n\n"
        for migration in migrations:
            plan += f"{migration.name} 2024-01-01T00:00:00Z Bench <bench@example.org> # {migration.name}\n"
            for part, text in (("deploy", migration.up_sql()), ("revert", migration.down_sql())):
                (folder / part / f"{migration.name}.sql").write_text(f"BEGIN;\n{text}COMMIT;\n", encoding="utf-8")
        (folder / "sqitch.plan").write_text(plan, encoding="utf-8")

    def command(self, job, folder, target):
        environment = {"SQITCH_FULLNAME": "Bench", "SQITCH_EMAIL": "bench@example.org"}
        if target.dialect == "postgres":
            environment |= {"PGHOST": str(target.cluster.folder), "PGUSER": "postgres"}
            database = f"db:pg:///{target.name}"
        else:
            database = f"db:sqlite:{target.path}"
        verb = ["status"] if job == "status" else ["deploy", "--no-verify"]
        return Command(["sqitch", *verb, "--target", database], folder, environment)
