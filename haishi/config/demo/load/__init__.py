"""Loads the demo edition: the content of this package's generators, set on today's calendar.

Structure (editions, halls, plans, tiers, programme, releases) is written through the services.
Volume (accounts, firms, exhibitors, products, exhibits, tallies) is written in bulk and owes what
the services would have done: audit rows, facts in the outbox and completeness are added here.
"""

from haishi.config.demo.load.loader import AlreadyLoaded, finish, is_empty, load
from haishi.config.demo.load.world import Scale

__all__ = ["AlreadyLoaded", "Scale", "finish", "is_empty", "load"]
