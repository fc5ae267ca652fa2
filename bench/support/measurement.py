"""Running a program once and knowing what it cost; medians of several runs."""
import os
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Command:
    """A program's argument list, where it runs, and what it finds in its environment beside the usual."""
    arguments: list
    folder: Path
    environment: dict = field(default_factory=dict)


@dataclass
class Sample:
    milliseconds: float
    megabytes: float  # peak resident memory, MiB


class Measure:
    """Runs commands through the program bench_measure; their output goes to a log that an error shows."""

    def __init__(self, program: Path, log: Path):
        self._program = program
        self._log = log

    def run(self, command: Command, codes=(0,)) -> Sample:
        """`codes`: the exit codes that are no failure."""
        # A settled disk: what an earlier command wrote must not be flushed on this one's time.
        os.sync()
        answer = subprocess.run([self._program, self._log, *command.arguments], cwd=command.folder,
                                env={**os.environ, **command.environment}, check=True, capture_output=True, text=True)
        microseconds, kilobytes, code = map(int, answer.stdout.split())
        if code not in codes:
            text = self._log.read_text(encoding="utf-8", errors="replace")
            raise SystemExit(f"bench: exit code {code} from {' '.join(map(str, command.arguments))}\n{text[-4000:]}")
        return Sample(microseconds / 1000, kilobytes / 1024)

    def output(self) -> str:
        """What the last command printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")


def median(samples: list) -> Sample:
    return Sample(statistics.median(sample.milliseconds for sample in samples),
                  statistics.median(sample.megabytes for sample in samples))
