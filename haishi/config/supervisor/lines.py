"""Log lines as people read them in a terminal; the log files keep every line whole."""

from __future__ import annotations

import json

TOLD_ELSEWHERE = frozenset({"event", "level", "logger", "timestamp", "exception"})


def for_people(line: str) -> str:
    """One line of a child, shortened: a JSON record becomes level, event and its own values.

    Of a traceback only the last line stays, which names the error.
    """
    if not line.startswith("{"):
        return line
    try:
        record = json.loads(line)
    except ValueError:
        return line
    if not isinstance(record, dict) or "event" not in record:
        return line
    words = [str(record.get("level", "")), str(record["event"])]
    words += [f"{name}={value}" for name, value in record.items() if name not in TOLD_ELSEWHERE]
    if trace := str(record.get("exception", "")).strip():
        words.append("← " + trace.splitlines()[-1].strip())
    return " ".join(word for word in words if word)
