"""`python -m gateway`: run one gateway until SIGTERM."""

import asyncio
import logging
import signal
import sys

import uvloop

from gateway.backplane import Nats
from gateway.listening import listen
from gateway.server import Gateway
from gateway.settings import Settings, read


async def run(settings: Settings) -> None:
    """Serve until told to stop, then drain."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    backplane = await Nats.connect(settings.nats_url, f"gateway {settings.name}")
    gateway = Gateway(settings, backplane)
    await gateway.start()
    listening = await listen(gateway, settings)
    logging.info("gateway %s on %s:%d", settings.name, settings.host, listening.port)
    await stop.wait()
    listening.close()
    await gateway.drain()


def main() -> int:
    """Entry point; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # One line per connection and probe is for those who look for it.
    logging.getLogger("picows").setLevel(logging.WARNING)
    uvloop.run(run(read()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
