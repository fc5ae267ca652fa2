"""Who takes part, in the order of the table's rows."""
from pathlib import Path

from migrate.peers.alembic import Alembic
from migrate.peers.dbmate import Dbmate, install_dbmate
from migrate.peers.limit import Limit
from migrate.peers.martlet import Martlet
from migrate.peers.peer import JOBS
from migrate.peers.psql import Psql
from migrate.peers.sqitch import Sqitch

LIMIT = "limit, one transaction a migration"
MARTLET = "**martlet**, `--tx file`"


def contestants(build: Path, skipped: list) -> list:
    programs = build / "bench"
    dbmate = Dbmate(install_dbmate(build / "bench" / "peers"))
    everyone = {
        "limit": [
            Limit(programs, "each", LIMIT, JOBS),
            Limit(programs, "window", "limit, pipelined window of transactions", ("apply",), ("postgres",)),
            Limit(programs, "all", "limit, all in one transaction", ("apply",), apply_rounds=1),
        ],
        "psql": [Psql()],
        "dbmate": [dbmate],
        "alembic": [Alembic()],
        "sqitch": [Sqitch()],
        "martlet": [
            Martlet(build / "martlet", "file", MARTLET, JOBS),
            # Ten thousand tables are more than a server's default lock table holds: refused before it starts.
            Martlet(build / "martlet", "all", "**martlet**, `--tx all`", ("apply",), largest=1000),
        ],
    }
    return [peer for name, peers in everyone.items() if name not in skipped for peer in peers]
