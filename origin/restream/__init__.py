"""The programme on other networks: one ffmpeg child per target."""

from origin.restream.restreams import Restreams, UnknownTarget

__all__ = ["Restreams", "UnknownTarget"]
