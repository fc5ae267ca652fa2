#!/usr/bin/env python3
"""Writes cmake/startup.order: what of the program runs when nothing is to do, and for `status`. The linker puts that first
and together, so that a start brings fewer pages into memory. To be run on an optimised build when the program has changed
much (it needs valgrind); until then what is missing lies further away, and names that are gone do no harm.

    bench/startup_order.py [BUILD_FOLDER]
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from migrate.peers.martlet import write_flyway_files
from migrate.workload import make_migrations
from support.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"^(ob|cob|fn|cfn)=\((\d+)\)(?: (.*))?$")
MAP_COLUMNS = 49  # before the names in lld's map: address, load address, size, alignment


def executed(program: Path, arguments: list, folder: Path) -> list:
    """The functions of the program itself that are called with these arguments."""
    output = folder / "callgrind"
    subprocess.run(["valgrind", "--demangle=no", "--tool=callgrind", f"--callgrind-out-file={output}", program,
                    *arguments], check=True, capture_output=True)
    files, names, found, current = {}, {}, [], ""
    for line in output.read_text(encoding="utf-8").splitlines():
        if not (match := NAMED.match(line)):
            continue
        known = files if match[1].endswith("ob") else names
        name = match[3] or known[match[2]]
        known[match[2]] = name
        if match[1] == "ob":
            current = name
        elif match[1] == "fn" and current == str(program):
            found.append(name.split("'")[0])  # behind it: how deep in a recursion
    return found


def sections(build: Path, folder: Path) -> dict:
    """The object's section that a function is in, by the linker's map; without names that several have."""
    commands = subprocess.run(["ninja", "-t", "commands", "martlet"], cwd=build, check=True, capture_output=True, text=True)
    link = commands.stdout.splitlines()[-1].replace(
        " -o martlet ", f" -o {folder}/martlet -Wl,--no-demangle -Wl,-Map={folder}/map ")
    subprocess.run(link, shell=True, cwd=build, check=True)
    found, section = {}, ""
    for line in (folder / "map").read_text(encoding="utf-8").splitlines():
        text = line[MAP_COLUMNS:]
        if text.startswith(" " * 16):
            found.setdefault(text.strip(), set()).add(section)
        elif text.startswith(" " * 8):
            section = text.strip()
    return {name: next(iter(places)) for name, places in found.items() if len(places) == 1}


def startup_commands(folder: Path, cluster: Cluster):
    yield ["version"]
    cluster.create_database("start")
    for dialect, url in (("postgres", f"postgres://postgres@/start?host={cluster.folder}"),
                         ("sqlite", f"sqlite:{folder}/start.db")):
        write_flyway_files(folder / dialect, make_migrations(dialect, 250))
        place = ["--url", url, "--dir", folder / dialect / "migrations"]
        subprocess.run([folder / "program", "up", *place], check=True, capture_output=True)
        yield ["up", *place]
        yield ["status", *place]


def main():
    build = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build" / "default"
    with tempfile.TemporaryDirectory() as name, Cluster() as cluster:
        folder = Path(name)
        (folder / "program").symlink_to(build / "martlet")
        functions = [each for command in startup_commands(folder, cluster)
                     for each in executed(build / "martlet", command, folder)]
        section_of = sections(build, folder)
    first = {}  # one function of each section is enough
    for function in functions:
        if function in section_of:
            first.setdefault(section_of[function], function)
    (ROOT / "cmake" / "startup.order").write_text("".join(f"{each}\n" for each in first.values()), encoding="utf-8")
    print(f"{len(first)} sections, of {len(set(functions))} functions")


if __name__ == "__main__":
    main()
