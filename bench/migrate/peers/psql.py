"""psql: all files in one process, each a transaction. It keeps no history, so it only applies."""
from migrate.peers.peer import Peer
from support.measurement import Command


class Psql(Peer):
    label = "psql, all files in one process"
    layout = "psql"
    jobs = ("apply",)
    dialects = ("postgres",)
    apply_rounds = 1
    largest = 1000

    def write(self, folder, migrations, dialect):
        folder.mkdir(parents=True)
        for migration in migrations:
            (folder / f"{migration.version}.sql").write_text(f"BEGIN;\n{migration.up_sql()}COMMIT;\n", encoding="utf-8")
        (folder / "all.sql").write_text("".join(f"\\i {migration.version}.sql\n" for migration in migrations),
                                        encoding="utf-8")

    def command(self, job, folder, target):
        return Command(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", target.cluster.folder, "-U", "postgres", "-d",
                        target.name, "-f", "all.sql"], folder)
