"""What one worker holds of a snapshot: its own memory, and what it shares with the others."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from matchmaker.matching.record_json import dumps
from matchmaker.matching.records import NeedRecord

_MB = 1024.0


@dataclass(frozen=True, slots=True)
class Worker:
    """Megabytes; NaN where the system does not tell."""

    own_mb: float
    shared_mb: float


#: Memory of a process of its own, before and after it opens a snapshot and answers from it.
_ASKING = """
import sys
from matchmaker.matching.index import Index
from matchmaker.matching.record_json import loads

def held():
    lines = open("/proc/self/status").read().splitlines()
    return [int(line.split()[1]) for name in ("RssAnon", "RssFile") for line in lines
            if line.startswith(name)]

need = loads(sys.stdin.read())
Index.of([need], [], Index.open(sys.argv[1]).model).top(need, n=20)
before = held()
index = Index.open(sys.argv[1])
for _ in range(3):
    index.top(need, n=20).matches
after = held()
print(after[0] - before[0], after[1] - before[1])
"""


def worker(folder: Path, need: NeedRecord) -> Worker:
    """Return what a process holds that has opened the snapshot of a folder and answered a need."""
    if not Path("/proc/self/status").is_file():
        return Worker(float("nan"), float("nan"))
    found = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", _ASKING, str(folder)],
        input=dumps(need),
        capture_output=True,
        check=True,
        text=True,
    )
    own, shared = (int(number) / _MB for number in found.stdout.split())
    return Worker(own, shared)
