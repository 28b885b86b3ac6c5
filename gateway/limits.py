"""Token buckets in memory: how often somebody may do something."""

from collections.abc import Hashable


class Bucket:
    """Allows `burst` at once and one more every `seconds`."""

    __slots__ = ("_burst", "_seconds", "_tokens", "at")

    def __init__(self, seconds: float, burst: int) -> None:
        self._seconds, self._burst = seconds, burst
        self._tokens, self.at = float(burst), 0.0

    def take(self, now: float) -> float:
        """0.0 when allowed, else how many seconds to wait. `now` grows (time.monotonic)."""
        self._tokens = min(self._burst, self._tokens + (now - self.at) / self._seconds)
        self.at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) * self._seconds


class Buckets:
    """A bucket per key; those that have filled up again are forgotten."""

    def __init__(self, seconds: float, burst: int, most: int = 100_000) -> None:
        self._seconds, self._burst, self._most = seconds, burst, most
        self._known: dict[Hashable, Bucket] = {}

    def take(self, key: Hashable, now: float) -> float:
        """As `Bucket.take`, for `key`."""
        bucket = self._known.get(key)
        if bucket is None:
            if len(self._known) >= self._most:
                self._forget(now)
            bucket = self._known[key] = Bucket(self._seconds, self._burst)
        return bucket.take(now)

    def _forget(self, now: float) -> None:
        """Drop the full ones; when all are in use, drop the older half."""
        full = self._seconds * self._burst
        kept = [(key, each) for key, each in self._known.items() if now - each.at < full]
        self._known = dict(kept[-self._most // 2 :])
