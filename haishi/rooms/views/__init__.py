"""Pages of rooms: tokens and history for scripts, moderation, lists of words."""

from haishi.rooms.views.entering import history, token
from haishi.rooms.views.moderating import (
    change_settings,
    decide,
    lift,
    moderate,
    remove_line,
    sanction,
)
from haishi.rooms.views.words import probe, remove_word, words

__all__ = [
    "change_settings",
    "decide",
    "history",
    "lift",
    "moderate",
    "probe",
    "remove_line",
    "remove_word",
    "sanction",
    "token",
    "words",
]
