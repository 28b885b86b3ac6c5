"""The child process: limits first, then the parser, then one line of JSON."""

import json
import resource
import sys
from pathlib import Path

from haishi.media.workbench import Refusal, bench_for

GB = 1024**3
MEMORY = {"image": 3 * GB, "avif": 3 * GB, "video": 3 * GB, "model": GB, "document": 3 * GB // 2}
CPU_SECONDS = {"image": 60, "avif": 120, "video": 240, "model": 30, "document": 30}
FILE_BYTES = 2200 * 10**6


def restrain(kind: str) -> None:
    """Bound memory, CPU time, file size and open files of this process for good."""
    memory, seconds = MEMORY[kind], CPU_SECONDS[kind]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(kind: str, source: str, folder: str, extension: str) -> int:
    """Look at one file; prints the answer. A crash of a parser is the parent's to interpret."""
    restrain(kind)
    bench = bench_for(kind)
    if kind in ("image", "avif", "model"):
        from haishi.media.workbench.pictures import allow_only_safe_loaders

        allow_only_safe_loaders()
    try:
        answer = bench(Path(source), Path(folder), extension)
    except Refusal as refusal:
        answer = {"refused": refusal.code, "values": refusal.values}
    except (MemoryError, RecursionError):
        answer = {"refused": "heavy", "values": {}}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:5]))
