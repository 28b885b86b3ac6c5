"""Background loops of the worker: outbox, audit seal, expiry. Modules add theirs in `loops.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from haishi.foundation import audit, outbox, scarcity


@dataclass(frozen=True)
class Loop:
    """`step` returns how much it did; 0 means rest for `seconds`."""

    name: str
    seconds: float
    step: Callable[[], int]


LOOPS: dict[str, Loop] = {}


def loop(name: str, seconds: float) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Run the function again and again in the worker, in a thread of its own."""

    def register(step: Callable[[], int]) -> Callable[[], int]:
        LOOPS[name] = Loop(name, seconds, step)
        return step

    return register


loop("outbox", 0.2)(outbox.deliver_due)
loop("audit-seal", 1.0)(audit.seal)
loop("holds", 1.0)(scarcity.expire_due)
