"""bench/RESULTS.md: one section for each benchmark; a run replaces its own and leaves the others."""
from pathlib import Path

TITLE = "# Benchmark results\n\nWritten by `./dev bench NAME`; each section is replaced by its own run.\n"


def table(header: list, rows: list) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def write_section(path: Path, name: str, text: str):
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    content = path.read_text(encoding="utf-8") if path.exists() else TITLE
    before, found, rest = content.partition(begin)
    after = rest.partition(end)[2] if found else ""
    path.write_text((before if found else before + "\n") + begin + text + end + after, encoding="utf-8")
