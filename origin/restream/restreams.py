"""All targets of one session."""

from collections.abc import Callable, Iterable

import imageio_ffmpeg

from origin.bus import Feed
from origin.restream.push import Pace, Push
from wire.live import Target, TargetStatus


class UnknownTarget(LookupError):
    """The session has no such target."""


class Restreams:
    """Sends the programme to every target that is wanted, each on its own.

    `changed(status)` is called on each change of a target's state or reason. Reasons: `unreachable`
    nobody answers; `refused` the network says no, `bad_key` three times in a row; `stalled` it took
    nothing for eight seconds; `closed` it hung up; `other`, also for an address nobody can use.
    `program`: ffmpeg, by default the one of imageio-ffmpeg. Needs a running event loop.
    """

    def __init__(
        self,
        programme: Feed,
        changed: Callable[[TargetStatus], None],
        *,
        program: str = "",
        pace: Pace | None = None,
    ) -> None:
        self._feed, self._changed = programme, changed
        self._program = program or imageio_ffmpeg.get_ffmpeg_exe()
        self._pace = pace or Pace()
        self._pushes: dict[str, Push] = {}
        self._leaving: set[Push] = set()

    def arm(self, targets: Iterable[Target]) -> None:
        """These and no others. A target that is the same goes on undisturbed."""
        wanted = {target.id: target for target in targets}
        for id, push in tuple(self._pushes.items()):
            target = wanted.get(id)
            if target is None or target.url != push.target.url:
                push.want(False)
                self._leaving.add(self._pushes.pop(id))
        for id, target in wanted.items():
            push = self._pushes.get(id) or self._add(target)
            push.target = target
            push.want(target.wanted)
        self._leaving = {push for push in self._leaving if push.running}

    def want(self, id: str, wanted: bool) -> None:
        """Start or stop one. Raises UnknownTarget."""
        if id not in self._pushes:
            raise UnknownTarget(id)
        self._pushes[id].want(wanted)

    def statuses(self) -> list[TargetStatus]:
        """All targets, in the order in which they were armed."""
        return [push.now() for push in self._pushes.values()]

    def children(self) -> list[int]:
        """Process ids of the running children, for measurements."""
        return [pid for push in self._pushes.values() if (pid := push.pid)]

    async def close(self) -> None:
        """Stop all; no child is left."""
        for push in (*self._pushes.values(), *self._leaving):
            await push.close()
        self._pushes.clear()
        self._leaving.clear()

    def _add(self, target: Target) -> Push:
        push = Push(target, self._feed, self._program, self._changed, self._pace)
        self._pushes[target.id] = push
        return push
