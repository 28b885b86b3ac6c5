"""The clock of live turns."""

from haishi.foundation import clock
from haishi.foundation.loops import loop
from haishi.live import services


@loop("live-engines", 1.0)
def engines() -> int:
    """Hand sessions to their engines and take them back."""
    return services.arm_due(clock.now())


@loop("live-status", 5.0)
def status() -> int:
    """Ask how sessions do: reports of engines may be lost. Always rests in between."""
    services.poll()
    return 0


@loop("live-stage", 1.0)
def stage() -> int:
    """Open doors in time, close polls, draw lotteries, end what is overdue, remind."""
    now = clock.now()
    done = services.open_due(now) + services.close_due(now) + services.draw_due(now)
    return done + services.end_overdue(now) + services.remind_due(now)


@loop("live-tallies", 2.0)
def tallies() -> int:
    """Say how open polls and questions stand. Always rests in between."""
    services.tally()
    services.tell_questions()
    return 0


@loop("live-records", 60.0)
def records() -> int:
    """Learn of recordings, delete old ones and old reports. Always rests in between."""
    now = clock.now()
    services.take_in_recordings(now)
    services.delete_old(now)
    services.sweep(now)
    return 0
