"""What it costs an application that martlet looks at the database's health once a second."""
import os
import re
import statistics
import subprocess

from backup.contestants import Place
from support.goals import Goal
from support.results import table

SCALE, CLIENTS, SECONDS = 20, 4, 15
DATABASE = "monitored"


def transactions_per_second(place: Place) -> float:
    command = place.server("pgbench", "-n", "-c", str(CLIENTS), "-T", str(SECONDS), DATABASE)
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"tps = ([\d.]+)", answer).group(1))


def watched(place: Place) -> float:
    with open(os.devnull, "wb") as nowhere:
        watch = subprocess.Popen(place.own(DATABASE, "health", "--watch=1s"), cwd=place.folder, stdout=nowhere, stderr=nowhere)
        try:
            measured = transactions_per_second(place)
            if watch.poll() is not None:
                raise SystemExit(f"bench: martlet health ended with exit code {watch.returncode}")
            return measured
        finally:
            watch.terminate()
            watch.wait()


def run(place: Place, rounds: int):
    place.cluster.create_database(DATABASE)
    subprocess.run(place.server("pgbench", "-i", "-q", "-s", str(SCALE), DATABASE), check=True, capture_output=True)
    alone, together = [], []
    for number in range(rounds):
        for measure in [(alone, transactions_per_second), (together, watched)][:: 1 if number % 2 == 0 else -1]:
            measure[0].append(measure[1](place))
    cost = 1 - statistics.median(together) / statistics.median(alone)
    text = (f"### `martlet health --watch=1s` beside pgbench (scale {SCALE}, {CLIENTS} clients, {rounds} times {SECONDS} s each)\n\n"
            + table(["alone, tps", "watched, tps", "cost"],
                    [[f"{statistics.median(alone):,.0f}", f"{statistics.median(together):,.0f}", f"{cost * 100:.1f} %"]])
            + "\nA cost below zero is noise: the disk decides how many commits a second there are.\n")
    return text, [Goal("watching once a second costs pgbench", cost * 100, "≤", 1, " %")]
