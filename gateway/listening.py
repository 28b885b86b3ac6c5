"""Chooses the transport."""

from gateway.settings import Settings
from gateway.transport import Door, Listening


async def listen(door: Door, settings: Settings) -> Listening:
    """Take connections as `settings` say: host, port, longest frame, transport.

    Only the chosen library is imported. Raises SystemExit when it is not installed, OSError when
    the port is taken.
    """
    where = (door, settings.host, settings.port, settings.most_frame)
    try:
        if settings.transport == "websockets":
            from gateway import websockets_transport

            return await websockets_transport.serve(*where)
        from gateway import picows_transport

        return await picows_transport.serve(*where)
    except ImportError as error:
        raise SystemExit(f"gateway: HAISHI_GATEWAY_TRANSPORT needs {error.name}") from None
