"""Who may publish where: armed sessions, their keys and their cameras."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from origin.inputs.camera import Change, Input, Kick, Refused
from wire.live import MOST_CAMERAS, Camera, Session, hash_key

# (session, camera, state or "refused", code). Called at once, must be quick and must not raise.
Changed = Callable[[str, int, Change, str], None]
MOST_PUBLISHERS = 64
# Keys that were replaced and are still told so, for each session.
MOST_REVOKED = 64


class Inputs:
    """All cameras of all armed sessions.

    `now`: seconds since 1970 of a clock that does not step (anchor time.monotonic()).
    `used`: single-use keys that were used, plain data for the owner to keep, best whenever
    `changed` says live or ended, and to give back with `revive` after a restart:
    {key hash: (address that may come back with it, or "", until when to remember it)}.
    """

    def __init__(
        self, now: Callable[[], float], changed: Changed, *, most: int = MOST_PUBLISHERS
    ) -> None:
        self.now, self.changed = now, changed
        self.used: dict[str, tuple[str, float]] = {}
        self._most = most
        self._sessions: dict[str, dict[int, Input]] = {}
        self._keys: dict[str, Input] = {}
        self._revoked: dict[str, dict[str, Input]] = {}

    def __iter__(self) -> Iterator[Input]:
        return (each for cameras in tuple(self._sessions.values()) for each in cameras.values())

    def __bool__(self) -> bool:
        """Whether any session is armed."""
        return bool(self._sessions)

    def cameras(self, session_id: str) -> Mapping[int, Input]:
        """{number: input}; empty when the session is not armed."""
        return self._sessions.get(session_id, {})

    def revive(self, used: Mapping[str, Sequence[object]]) -> None:
        """Take back what `used` held before a restart (lists, as JSON makes of tuples, will do)."""
        for key_hash, (address, until) in used.items():
            self.used[key_hash] = (str(address), float(str(until)))

    def arm(self, session: Session) -> Mapping[int, Input]:
        """Let a session's publishers in; again with changes: what stays the same goes on.

        A camera whose key changed loses its publisher (`revoked`), a camera that is no longer
        named ends. Raises ValueError, and changes nothing, on camera numbers out of range or keys
        that are not told apart.
        """
        self._check(session)
        held = self._sessions.setdefault(session.id, {})
        revoked = self._revoked.setdefault(session.id, {})
        wanted = {camera.number: camera for camera in session.cameras}
        for number in [number for number in held if number not in wanted]:
            place = held.pop(number)
            del self._keys[place.camera.key_hash]
            place.end("revoked")
        # All old keys go before new ones come: two cameras may have changed places.
        for place in held.values():
            del self._keys[place.camera.key_hash]
        for number, camera in wanted.items():
            place = held.get(number) or Input(session, camera, self.now(), self)
            held[number] = self._keys[camera.key_hash] = place
            self._renew(place, session, camera, revoked)
        return held

    def _renew(
        self, place: Input, session: Session, camera: Camera, revoked: dict[str, Input]
    ) -> None:
        former, place.session, place.camera = place.camera, session, camera
        revoked.pop(camera.key_hash, None)
        if former.key_hash != camera.key_hash:
            revoked[former.key_hash] = place
            while len(revoked) > MOST_REVOKED:
                del revoked[next(iter(revoked))]
            place.kick("revoked")

    def _check(self, session: Session) -> None:
        numbers = [camera.number for camera in session.cameras]
        hashes = {camera.key_hash for camera in session.cameras}
        if len(set(numbers)) < len(numbers) or not all(1 <= n <= MOST_CAMERAS for n in numbers):
            raise ValueError(f"cameras are numbered 1 to {MOST_CAMERAS}, each once")
        if len(hashes) < len(numbers):
            raise ValueError("two cameras have the same key")
        for key_hash in hashes:
            other = self._keys.get(key_hash)
            if other is not None and other.session.id != session.id:
                raise ValueError("another session has the same key")

    def disarm(self, session_id: str) -> None:
        """The session is over: its publishers are sent away and its keys are forgotten."""
        for place in self._sessions.pop(session_id, {}).values():
            del self._keys[place.camera.key_hash]
            place.end("over")
        self._revoked.pop(session_id, None)

    def arrive(self, key: str, protocol: str, address: str, kick: Kick) -> Input:
        """Somebody wants to publish with a key. `kick` is called when they must go: after that
        they leave the input alone. Raises Refused with every code but `codec`.
        """
        key_hash = hash_key(key)
        place = self._keys.get(key_hash)
        if place is None:
            for revoked in self._revoked.values():
                if key_hash in revoked:
                    raise revoked[key_hash].refuse(Refused("revoked"))
            raise Refused("unknown_key")
        return self.admit(place, protocol, address, kick)

    def admit(self, place: Input, protocol: str, address: str, kick: Kick) -> Input:
        """As `arrive`, for those who need no key: SRT, which has proved it, and our own streams."""
        if (refused := self.refusal(place, address)) is not None:
            raise place.refuse(refused)
        place.kick("taken")
        place.admit(protocol, address, kick)
        return place

    def refusal(self, place: Input, address: str) -> Refused | None:
        """Why somebody from this address could not publish there now; None: they could."""
        now, session = self.now(), place.session
        used = self.used.get(place.camera.key_hash)
        if now >= session.closes_at:
            return Refused("over")
        if now < session.opens_at:
            return Refused("not_open")
        if place.camera.single_use and used is not None and (not address or used[0] != address):
            return Refused("used")
        if place.taken and not place.silent(now):
            return Refused("taken")
        if not place.taken and sum(each.taken for each in self) >= self._most:
            return Refused("too_many")
        return None

    def spend(self, place: Input, *, come_back: bool = True) -> None:
        """Remember that a single-use key was used: once a picture came, for whoever sent it."""
        key_hash = place.camera.key_hash
        if place.camera.single_use and (come_back or key_hash in self.used):
            address = place.address if come_back else ""
            self.used[key_hash] = (address, place.session.closes_at)

    def tick(self, now: float) -> None:
        """Once a second: silence, grace and closing times."""
        for place in self:
            place.tick(now)
        for key_hash, (_, until) in tuple(self.used.items()):
            if now >= until and key_hash not in self._keys:
                del self.used[key_hash]
