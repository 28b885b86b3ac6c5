"""What the expo does when something happened, by area. Imported once at start."""

from haishi.expo.subscribers import exhibitors, floor, people, programme  # noqa: F401
