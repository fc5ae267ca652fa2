"""squawk, the native binary inside its npm package (the package's own wrapper adds the start of Node)."""
import subprocess
from pathlib import Path

VERSION = "2.66.0"


def install_squawk(folder: Path) -> Path:
    """The path of the program, fetched with npm when it is not there yet."""
    found = sorted(folder.glob("node_modules/@squawk-cli/*/bin/squawk"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--no-audit", "--no-fund", "--prefix", folder,
                        f"squawk-cli@{VERSION}"], check=True)
        found = sorted(folder.glob("node_modules/@squawk-cli/*/bin/squawk"))
    return found[0]
