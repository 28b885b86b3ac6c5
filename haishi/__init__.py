"""海市 Haishi: a digital-culture trade expo that never closes."""

__version__ = "0.1.0"
