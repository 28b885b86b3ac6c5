"""What the pages of the portal show, composed from the modules below it."""

from haishi.portal.selectors.booth import booth_page
from haishi.portal.selectors.cards import share_image
from haishi.portal.selectors.desk import desk_page
from haishi.portal.selectors.halls import doors_of, edition_paths, hall_page, tour_stops
from haishi.portal.selectors.home import edition_in_memory, home_page, past_editions, unread
from haishi.portal.selectors.organisation import organisation_page
from haishi.portal.selectors.search import search_page

__all__ = [
    "booth_page",
    "desk_page",
    "doors_of",
    "edition_in_memory",
    "edition_paths",
    "hall_page",
    "home_page",
    "organisation_page",
    "past_editions",
    "search_page",
    "share_image",
    "tour_stops",
    "unread",
]
