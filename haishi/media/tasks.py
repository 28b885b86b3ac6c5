"""Slow work of the queue `media`."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from haishi.media import services

AGAIN = RetryStrategy(max_attempts=4, exponential_wait=5)


@app.task(name="media.process", queue="media", retry=AGAIN)
def process(asset_id: int) -> None:
    """Check a file and make its pictures."""
    services.process_now(asset_id)


@app.task(name="media.add_avif", queue="media", retry=AGAIN)
def add_avif(asset_id: int) -> None:
    """Add the smallest format to a picture, when nothing else waits."""
    services.add_avif(asset_id)
