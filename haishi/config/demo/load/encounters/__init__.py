"""What people did at an edition: they came, left cards, asked, ordered, were answered.

Written in bulk with what the services would have left beside it: leads, audit rows, tallies. Every
moment lies before `Season.until`, is the same for the same seed, and follows from the one before:
no card is scanned before its owner came in, no answer precedes its question.
"""

from haishi.config.demo.load.encounters import (
    announcements,
    cards,
    enquiries,
    gates,
    inboxes,
    orders,
    tallies,
)
from haishi.config.demo.load.encounters.season import Season, this_season
from haishi.config.demo.load.world import World

__all__ = ["Season", "of_season", "of_this_edition"]


def of_this_edition(world: World) -> None:
    """The edition that is open now, with orders, inboxes and agendas."""
    season = this_season(world)
    of_season(world, season)
    gates.remember_sessions(season)
    announcements.announce(world, season)
    season.deals = orders.trade(world, season)
    inboxes.fill(world, season)


def of_season(world: World, season: Season) -> None:
    """Registrations, entries, cards, leads, enquiries and tallies of an edition."""
    gates.register(world, season)
    gates.let_in(world, season)
    cards.exchange(world, season)
    enquiries.ask(world, season)
    cards.keep_leads(world, season)
    tallies.count(season)
