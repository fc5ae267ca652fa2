"""One contest: all peers, one kind of database, one number of migrations, taking turns."""
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from migrate.workload import make_migrations
from support.measurement import Measure, median


@dataclass
class Contest:
    """`samples[label, job]` holds every measurement."""
    dialect: str
    count: int
    peers: list
    apply_rounds: int
    quick_rounds: int
    samples: dict = field(default_factory=dict)

    def run(self, measure: Measure, folder: Path, make_target):
        """`make_target(name)` gives a database; all of them are removed at the end."""
        self.peers = [peer for peer in self.peers
                      if self.dialect in peer.dialects and self.count <= (peer.largest or self.count)]
        self._write_projects(folder)
        targets = {peer.label: make_target(f"peer_{number}") for number, peer in enumerate(self.peers)}
        try:
            for turn in range(self.apply_rounds):
                self._apply_once(measure, folder, targets, turn)
            for turn in range(self.quick_rounds + 1):
                self._quick_once(measure, folder, targets, warm_up=turn == 0)
        finally:
            for target in targets.values():
                target.remove()

    def median(self, label: str, job: str):
        """The median of what was measured, or None."""
        samples = self.samples.get((label, job))
        return median(samples) if samples else None

    def _write_projects(self, folder: Path):
        migrations = make_migrations(self.dialect, self.count)
        for peer in self.peers:
            if not (folder / peer.layout).exists():
                peer.write(folder / peer.layout, migrations, self.dialect)

    def _apply_once(self, measure, folder, targets, turn):
        for peer in self._in_turn():
            if turn >= (peer.apply_rounds or self.apply_rounds):
                continue
            target = targets[peer.label]
            target.recreate()
            sample = measure.run(peer.command("apply", folder / peer.layout, target))
            if target.count_tables() != self.count:
                raise SystemExit(f"bench: {peer.label} left {target.count_tables()} tables, not {self.count}\n"
                                 + measure.output()[-4000:])
            if "apply" in peer.jobs:
                self._keep(peer, "apply", sample)
            if set(peer.jobs) == {"apply"}:
                target.remove()

    def _quick_once(self, measure, folder, targets, warm_up):
        for peer in self._in_turn():
            for job in peer.jobs:
                if job == "apply":
                    continue
                sample = measure.run(peer.command(job, folder / peer.layout, targets[peer.label]))
                if not warm_up:
                    self._keep(peer, job, sample)

    def _in_turn(self):
        """A new order each round: nobody always runs after the one who leaves most work behind."""
        return random.sample(self.peers, len(self.peers))

    def _keep(self, peer, job, sample):
        self.samples.setdefault((peer.label, job), []).append(sample)
        print(f"{self.dialect:8} {self.count:6} {job:8} {sample.milliseconds:10.1f} ms {sample.megabytes:6.1f} MB"
              f"  {peer.label}", file=sys.stderr, flush=True)
