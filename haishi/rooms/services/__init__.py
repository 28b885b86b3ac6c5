"""Everything that changes rooms; `register_rooms` and `tell` are for the modules above."""

from haishi.rooms.services.archiving import entries_of, keep, remove_line, sweep
from haishi.rooms.services.entering import forget_rooms, grant, register_rooms
from haishi.rooms.services.hearts import keep_hearts, sweep_hearts
from haishi.rooms.services.holding import decide, expire_held, keep_held
from haishi.rooms.services.personal import erase_personal, export_personal
from haishi.rooms.services.revoking import revoke_person, revoke_session
from haishi.rooms.services.settling import change_settings, end_sanctions, lift, sanction
from haishi.rooms.services.sharing import note_told, tell_all_again, untold
from haishi.rooms.services.telling import claim_tellings, note_said, note_unsaid, tell
from haishi.rooms.services.wordlists import add_words, judge, remove_word

__all__ = [
    "add_words",
    "change_settings",
    "claim_tellings",
    "decide",
    "end_sanctions",
    "entries_of",
    "erase_personal",
    "expire_held",
    "export_personal",
    "forget_rooms",
    "grant",
    "judge",
    "keep",
    "keep_hearts",
    "keep_held",
    "lift",
    "note_said",
    "note_told",
    "note_unsaid",
    "register_rooms",
    "remove_line",
    "remove_word",
    "revoke_person",
    "revoke_session",
    "sanction",
    "sweep",
    "sweep_hearts",
    "tell",
    "tell_all_again",
    "untold",
]
