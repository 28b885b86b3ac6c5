"""Everything that changes files."""

from haishi.media.services.drawn import Sheet, import_drawn
from haishi.media.services.generated import import_generated
from haishi.media.services.handing import hand_over
from haishi.media.services.keeping import hide, remove, rename, set_alt, show
from haishi.media.services.personal import erase_personal, export_personal
from haishi.media.services.processing import (
    add_avif,
    expire_pending,
    process_now,
    retry_stuck,
)
from haishi.media.services.receiving import receive
from haishi.media.services.resumable import (
    append,
    begin_upload,
    cancel_upload,
    expire_uploads,
    offset_of,
)

__all__ = [
    "Sheet",
    "add_avif",
    "append",
    "begin_upload",
    "cancel_upload",
    "erase_personal",
    "expire_pending",
    "expire_uploads",
    "export_personal",
    "hand_over",
    "hide",
    "import_drawn",
    "import_generated",
    "offset_of",
    "process_now",
    "receive",
    "remove",
    "rename",
    "retry_stuck",
    "set_alt",
    "show",
]
