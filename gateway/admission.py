"""Who comes in when the gateway is at its limit: those who are in go first.

A saturated event loop answers everything late, and joining costs more than reading; so newcomers
are asked to come back a little later, instead of making it worse for everybody.
"""

import asyncio
import random

PROBE_SECONDS = 0.1
# A wait for those who are turned away, so long that a crowd spreads out.
LEAST_WAIT, MOST_WAIT = 2.0, 8.0
_FADE = 0.8


class Admission:
    """How late the loop runs, and whether newcomers fit."""

    def __init__(self, most_late: float) -> None:
        """`most_late`: seconds behind its clock from which the loop counts as saturated."""
        self._most_late = most_late
        self.late = 0.0

    def note(self, late: float) -> None:
        """A callback ran `late` seconds after its time. Calm returns over about a second."""
        self.late = max(late, self.late * _FADE, 0.0)

    @property
    def saturated(self) -> bool:
        """Whether newcomers make it worse."""
        return self.late > self._most_late

    def wait_ms(self) -> int:
        """When to come back, spread at random."""
        seconds = random.uniform(LEAST_WAIT, MOST_WAIT)  # noqa: S311 - a spread, no secret
        return int(seconds * 1000)

    async def watch(self) -> None:
        """Look at the clock for ever."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + PROBE_SECONDS
            await asyncio.sleep(PROBE_SECONDS)
            self.note(loop.time() - due)
