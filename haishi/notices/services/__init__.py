"""Everything that changes notices and webhooks; `tell` and `register_kind` are for all modules."""

from haishi.notices.services.choices import (
    leave,
    save_choices,
    subscribe_browser,
    unsubscribe_browser,
)
from haishi.notices.services.delivering import (
    claim_mail,
    claim_push,
    gather_digests,
    record_mail,
    record_push,
    sweep,
)
from haishi.notices.services.dispatching import (
    claim_dispatches,
    forward,
    ping,
    record_attempt,
    replay,
    replay_since,
)
from haishi.notices.services.endpoints import (
    add_endpoint,
    change_state,
    edit_endpoint,
    patch_endpoint,
    remove_endpoint,
    rotate_secret,
)
from haishi.notices.services.personal import erase_personal, export_personal
from haishi.notices.services.telling import (
    mark_all_read,
    mark_read,
    register_kind,
    tell,
    write_letter,
)

__all__ = [
    "add_endpoint",
    "change_state",
    "claim_dispatches",
    "claim_mail",
    "claim_push",
    "edit_endpoint",
    "erase_personal",
    "export_personal",
    "forward",
    "gather_digests",
    "leave",
    "mark_all_read",
    "mark_read",
    "patch_endpoint",
    "ping",
    "record_attempt",
    "record_mail",
    "record_push",
    "register_kind",
    "remove_endpoint",
    "replay",
    "replay_since",
    "rotate_secret",
    "save_choices",
    "subscribe_browser",
    "sweep",
    "tell",
    "unsubscribe_browser",
    "write_letter",
]
