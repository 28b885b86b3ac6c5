"""What the expo does when something happened, by area. Imported once at start."""

from haishi.expo.subscribers import (  # noqa: F401
    closing,
    exhibitors,
    floor,
    people,
    programme,
)
