"""The section of bench/RESULTS.md."""
from support.measurement import median
from support.results import table

LABELS = {"limit": "limit, plain queries", "martlet": "**martlet**, read_catalog", "pg_dump": "pg_dump -s"}
BOUND_OF_PG_DUMP = 0.30
BOUND_SECONDS = 1.0
TABLES_OF_BOUND = 10_000


def render(contests: dict, setting: list) -> str:
    parts = ["## catalog: reading the whole catalog\n", "".join(f"- {line}\n" for line in setting)]
    targets = []
    for tables, samples in contests.items():
        medians = {label: median(found) for label, found in samples.items()}
        parts += [f"### {tables:,} tables\n", _table(medians)]
        own, dump = medians["martlet"].milliseconds, medians["pg_dump"].milliseconds
        targets.append(_target(f"{tables:,} tables, of pg_dump -s", own / dump, BOUND_OF_PG_DUMP, "×"))
        if tables == TABLES_OF_BOUND:
            targets.append(_target(f"{tables:,} tables", own / 1000, BOUND_SECONDS, " s"))
    parts += ["### Targets\n", table(["target", "bound", "measured", ""], targets)]
    return "\n".join(parts)


def _table(medians: dict) -> str:
    rows = []
    for label, sample in medians.items():
        ratios = [f"{sample.milliseconds / medians[other].milliseconds:.2f}×" for other in ("limit", "pg_dump")]
        rows.append([LABELS[label], f"{sample.milliseconds:,.0f}", *ratios, f"{sample.megabytes:.1f}"])
    return table(["", "ms", "of limit", "of pg_dump", "peak MB"], rows)


def _target(text: str, measured: float, bound: float, unit: str) -> list:
    return [text, f"≤ {bound:g}{unit}", f"{measured:.2f}{unit}", "met" if measured <= bound else "**missed**"]
