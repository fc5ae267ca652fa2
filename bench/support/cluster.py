"""A throwaway PostgreSQL server with durable defaults, on a Unix socket, gone at the end."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")


class Cluster:
    """`with Cluster() as cluster:` starts a server; its superuser is `postgres` and needs no password. `settings`: lines of
    postgresql.conf beyond the defaults."""

    def __init__(self, settings: str = ""):
        self._settings = settings
        # /var/tmp is on a real disk where /tmp may be in memory: fsync has to cost what it costs.
        self.folder = Path(tempfile.mkdtemp(prefix="martlet-bench-", dir="/var/tmp"))
        self.data = self.folder / "data"
        # The server refuses to run as root.
        self._as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}

    def __enter__(self):
        self.folder.chmod(0o755)
        if self._as_user:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n{self._settings}\n")
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")
        return self

    def __exit__(self, *_):
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)

    def create_database(self, name: str):
        self.query("postgres", f'CREATE DATABASE "{name}"')

    def drop_database(self, name: str):
        self.query("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def query(self, database: str, sql: str) -> str:
        command = [BINARIES / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "postgres", "-d", database]
        return subprocess.run([*command, "-c", sql], check=True, capture_output=True, text=True).stdout.strip()

    def _run(self, program: str, *arguments):
        # The server inherits these files: a pipe would keep this process waiting for its end.
        with open(self.folder / "setup.log", "ab") as log:
            subprocess.run([BINARIES / program, *arguments], check=True, stdin=subprocess.DEVNULL, stdout=log,
                           stderr=log, cwd="/", **self._as_user)
