"""Close looks at files, without Django: run in a child process with limits (`python -m …`).

Each bench takes a path and an output folder, answers with facts and the files it made, or raises
`Refusal`. Whatever a hostile file does to a parser, it does to a process that may not use much
memory, time or disk, knows no secrets and can be thrown away.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from haishi.media.workbench.refusal import Refusal

Answer = dict[str, Any]
Bench = Callable[[Path, Path, str], Answer]


def look(kind: str, source: Path, folder: Path, extension: str) -> Answer:
    """`{"facts": {…}, "files": [{"name", "format", "width", "height"}]}`. Raises Refusal.

    `kind` is one of image, avif, video, model, document; files are written into `folder`.
    """
    return bench_for(kind)(source, folder, extension)


def bench_for(kind: str) -> Bench:
    """The bench of a kind; its parser is loaded only when it is needed."""
    if kind == "image":
        from haishi.media.workbench.pictures import render as bench
    elif kind == "avif":
        from haishi.media.workbench.pictures import render_avif as bench
    elif kind == "video":
        from haishi.media.workbench.films import examine as bench
    elif kind == "model":
        from haishi.media.workbench.models3d import examine as bench
    else:
        from haishi.media.workbench.documents import examine as bench
    return bench


__all__ = ["Refusal", "bench_for", "look"]
