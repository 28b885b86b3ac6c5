"""What the expo does when something happened, by area. Imported once at start."""

from haishi.expo.subscribers import closing, exhibitors, floor, people  # noqa: F401
