"""Hearts by room and minute, as the house is told of them: a number, never a word for each."""

import secrets

import msgspec

from wire.broker import Hearts

# Seconds between two tellings: what a gateway that dies has counted since the last one is lost.
PAUSE = 5.0


class Tally:
    """What this run of the gateway counted. Each telling holds the whole of its minute so far."""

    def __init__(self, name: str) -> None:
        # A gateway that starts again counts from nothing under its old name.
        self._source = f"{name}-{secrets.token_hex(4)}"
        self._counts: dict[tuple[str, int], int] = {}
        self._untold: set[tuple[str, int]] = set()
        self._told_at = 0.0

    def add(self, room: str, hearts: int, now: float) -> None:
        """Hearts pressed in a room since the last call; `now`: seconds since 1970."""
        if hearts:
            key = room, int(now // 60)
            self._counts[key] = self._counts.get(key, 0) + hearts
            self._untold.add(key)

    def due(self, now: float, *, all_of_it: bool = False) -> list[bytes]:
        """What to tell now, as JSON; nothing before `PAUSE` is over, unless `all_of_it`."""
        if now - self._told_at < PAUSE and not all_of_it:
            return []
        self._told_at = now
        told = [
            msgspec.json.encode(Hearts(room, minute, self._source, self._counts[room, minute]))
            for room, minute in sorted(self._untold)
        ]
        self._untold.clear()
        current = int(now // 60)
        self._counts = {key: n for key, n in self._counts.items() if key[1] >= current}
        return told
