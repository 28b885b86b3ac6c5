"""A peer of bench/rooms.py: one room by the `websockets` library and its `broadcast`, on uvloop.

python websockets_room.py PORT
"""

import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

readers: set[ServerConnection] = set()


async def read(connection: ServerConnection) -> None:
    """One browser: what it says goes to all."""
    readers.add(connection)
    try:
        async for message in connection:
            broadcast(readers, message)
    finally:
        readers.discard(connection)


async def main() -> None:
    """Serve until killed."""
    port = int(sys.argv[1])
    async with serve(read, "127.0.0.1", port, compression=None, backlog=4_096) as server:
        await server.serve_forever()


uvloop.run(main())
