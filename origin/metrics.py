"""Counters of the process, as text for Prometheus (exposition format 0.0.4)."""

from collections import Counter
from collections.abc import Iterable

Row = tuple[str, dict[str, str], float]


class Metrics:
    """`count` what happens; `text` adds what is true at the moment."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        """Add to `haishi_origin_<name>_total`. Labels come from our own words alone."""
        self._counts[name, tuple(labels.items())] += by  # type: ignore[assignment]

    def text(self, gauges: Iterable[Row] = ()) -> str:
        """All rows, sorted by name."""
        rows: list[Row] = [
            (f"{name}_total", dict(labels), count) for (name, labels), count in self._counts.items()
        ]
        rows.extend(gauges)
        lines = [f"haishi_origin_{name}{_labels(labels)} {value:g}" for name, labels, value in rows]
        return "\n".join([*sorted(lines), ""])


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items()) + "}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
