"""`python -m origin.whip`: take browsers in until SIGTERM."""

import asyncio
import logging
import signal
import sys

from origin.whip.settings import Settings, read

MISSING = (
    "whip: 未安装 aiortc，请安装可选组件：pip install 'haishi[whip]'\n"
    "whip: aiortc is not installed; install the optional extra: pip install 'haishi[whip]'"
)


async def run(settings: Settings) -> None:
    """Serve until told to stop, then leave in order."""
    from aiohttp import web

    from origin.whip.host import pass_pictures_through
    from origin.whip.server import Hosts

    pass_pictures_through()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(Hosts(settings).application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    logging.info("whip on %s:%d", settings.host, settings.port)
    await stop.wait()
    await runner.cleanup()


def main() -> int:
    """Entry point; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("aioice").setLevel(logging.WARNING)
    try:
        import aiortc  # noqa: F401  # asked for before anything is opened
    except ImportError:
        sys.stderr.write(MISSING + "\n")
        return 3
    asyncio.run(run(read()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
