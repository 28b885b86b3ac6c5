"""`python -m origin`: run one origin until SIGTERM."""

import asyncio
import logging
import signal
import sys

import uvloop

from origin.assembly import Origin
from origin.settings import Settings, read


async def run(settings: Settings) -> None:
    """Serve until told to stop. Raises OSError when a port is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    origin = Origin(settings)
    await origin.start()
    logging.info(
        "origin on %s: http %d, rtmp %d", settings.host, origin.http_port, origin.rtmp_port
    )
    await stop.wait()
    await origin.stop()


def main() -> int:
    """Entry point; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("pyvips").setLevel(logging.WARNING)
    try:
        uvloop.run(run(read()))
    except OSError as error:
        logging.error("origin: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
