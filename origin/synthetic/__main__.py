"""`python -m origin.synthetic FOLDER`: makes the demo's streams there, those that are missing."""

import os
import sys
import time
from pathlib import Path

import pyvips

from origin.synthetic.scenes import NICE, SCENES


def main(arguments: list[str]) -> int:
    """The exit code: 0, or 2 when called wrongly."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    os.nice(NICE)
    # Every picture is new: remembering operations only costs memory.
    pyvips.cache_set_max(0)
    for scene in SCENES:
        if not scene.ready(folder):
            began = time.process_time()
            scene.make(folder)
            size = scene.path(folder).stat().st_size // 1000
            print(f"{scene.name}: {size} kB, {time.process_time() - began:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
