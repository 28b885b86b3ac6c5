"""Who may watch, and how many do."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wire.live import BadWatcher, Watcher, mint, watcher

# Nobody changes between more networks than this while one token lives.
MOST_ADDRESSES = 3
# Players ask several times a second; somebody who has not for so long is gone.
GONE_SECONDS = 15.0
PREVIEW, REPLAY = "/preview", "/replay"
MOST_KNOWN = 200_000
# Whoever may see a replay's playlist may read its files until the end of the next half day.
FILES_SECONDS = 43_200


class Refused(Exception):
    """Not allowed. `status`: 401 without a token, 403 with one that does not open this."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(slots=True)
class _Known:
    who: Watcher
    addresses: set[str] = field(default_factory=set)


class Watchers:
    """`now` gives seconds since 1970."""

    def __init__(self, key: bytes, now: Callable[[], float]) -> None:
        self._key, self.now = key, now
        self._known: dict[str, _Known] = {}
        self._seen: dict[str, dict[str, float]] = {}

    def admit(self, token: str, session: str, address: str) -> Watcher:
        """Who watches a live stream of `session`. Raises Refused."""
        known = self._open(token)
        if known.who.session.removesuffix(PREVIEW) != session:
            raise Refused(403, "session")
        known.addresses.add(address)
        if len(known.addresses) > MOST_ADDRESSES:
            raise Refused(403, "shared")
        if known.who.session == session:
            self._seen.setdefault(session, {})[known.who.viewer] = self.now()
        return known.who

    def admit_to_recordings(self, token: str, session: str) -> Watcher:
        """Who watches what was recorded of `session`. Raises Refused."""
        who = self._open(token).who
        if who.session.removesuffix(PREVIEW).removesuffix(REPLAY) != session:
            raise Refused(403, "session")
        return who

    def still_there(self, token: str, session: str) -> None:
        """Somebody who was admitted goes on watching over one connection."""
        known = self._known.get(token)
        if known is not None and known.who.session == session:
            self._seen.setdefault(session, {})[known.who.viewer] = self.now()

    def for_files(self, session: str) -> str:
        """A token for the files that a replay's playlist names; the same for all who watch."""
        until = (int(self.now()) // FILES_SECONDS + 2) * FILES_SECONDS
        return mint(self._key, Watcher(session + REPLAY, "", until))

    def _open(self, token: str) -> _Known:
        """A token is checked once; later only whether it is over."""
        if not token:
            raise Refused(401, "no_token")
        known = self._known.get(token)
        if known is None:
            try:
                known = _Known(watcher(self._key, token, self.now()))
            except BadWatcher as error:
                raise Refused(403, str(error)) from None
            if len(self._known) >= MOST_KNOWN:
                self.sweep()
            self._known[token] = known
        elif known.who.until <= self.now():
            raise Refused(403, "over")
        return known

    def count(self, session: str) -> int:
        """People who watch a session now, hosts at their consoles aside."""
        edge = self.now() - GONE_SECONDS
        return sum(seen > edge for seen in self._seen.get(session, {}).values())

    def sweep(self) -> None:
        """Forget tokens that are over and people that are gone; every few seconds."""
        now = self.now()
        self._known = {token: each for token, each in self._known.items() if each.who.until > now}
        for session, people in list(self._seen.items()):
            left = {who: seen for who, seen in people.items() if seen > now - GONE_SECONDS}
            if left:
                self._seen[session] = left
            else:
                del self._seen[session]
