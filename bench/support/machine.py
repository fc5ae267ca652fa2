"""One line about the machine that figures were measured on."""
import os
import re
from pathlib import Path


def describe_machine() -> str:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8")).group(1))
    return f"{os.cpu_count()} cores ({cpu.group(1) if cpu else os.uname().machine}), {memory / 2**20:.0f} GB, Linux {os.uname().release}"
