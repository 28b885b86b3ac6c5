"""Who asks."""

from haishi.foundation.types import SYSTEM, Actor

__all__ = ["SYSTEM", "Actor"]
