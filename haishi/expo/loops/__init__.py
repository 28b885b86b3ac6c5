"""The expo's part of the worker, by area. Imported once at start."""

from haishi.expo.loops import again, archives, enquiries  # noqa: F401
