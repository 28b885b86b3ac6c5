"""What is done with live sessions."""

from haishi.live.services.arming import arm, arm_due, disarm, lost
from haishi.live.services.gear import (
    add_camera,
    add_target,
    check_order,
    checked_url,
    edit_camera,
    remove_camera,
    remove_target,
    rotate_key,
    want_target,
    wire_session,
)
from haishi.live.services.hearts import count_hearts
from haishi.live.services.lotteries import (
    cancel_lottery,
    draw,
    draw_due,
    open_lottery,
    prepare_lottery,
    take_part,
)
from haishi.live.services.orders import cut, kick
from haishi.live.services.people import dismiss, invite
from haishi.live.services.personal import erase_personal, export_personal
from haishi.live.services.polls import close_due, end_poll, open_poll, prepare_poll, vote
from haishi.live.services.questions import ACTIONS as QUESTION_ACTIONS
from haishi.live.services.questions import ask, tell_questions, treat, upvote
from haishi.live.services.records import (
    add_chapter,
    publish_replay,
    remove_chapter,
    say_caption,
    upload_captions,
    withdraw_replay,
)
from haishi.live.services.reports import (
    apply,
    end_overdue,
    hear,
    note_recordings,
    open_due,
    sweep,
)
from haishi.live.services.reservations import remind_due, reserve, take_waiting, unreserve
from haishi.live.services.sessions import (
    announce,
    cancel,
    draft,
    edit,
    end,
    end_of_exhibitor,
    open_doors,
    withdraw,
)
from haishi.live.services.shelf import move_up, pin, shelve, unpin, unshelve
from haishi.live.services.walks import (
    add_station,
    edit_station,
    reach,
    remove_station,
    set_route,
)
from haishi.live.services.watching import delete_old, poll, take_in_recordings, tally

__all__ = [
    "QUESTION_ACTIONS",
    "add_camera",
    "add_chapter",
    "add_station",
    "add_target",
    "announce",
    "apply",
    "arm",
    "arm_due",
    "ask",
    "cancel",
    "cancel_lottery",
    "check_order",
    "checked_url",
    "close_due",
    "count_hearts",
    "cut",
    "delete_old",
    "disarm",
    "dismiss",
    "draft",
    "draw",
    "draw_due",
    "edit",
    "edit_camera",
    "edit_station",
    "end",
    "end_of_exhibitor",
    "end_overdue",
    "end_poll",
    "erase_personal",
    "export_personal",
    "hear",
    "invite",
    "kick",
    "lost",
    "move_up",
    "note_recordings",
    "open_doors",
    "open_due",
    "open_lottery",
    "open_poll",
    "pin",
    "poll",
    "prepare_lottery",
    "prepare_poll",
    "publish_replay",
    "reach",
    "remind_due",
    "remove_camera",
    "remove_chapter",
    "remove_station",
    "remove_target",
    "reserve",
    "rotate_key",
    "say_caption",
    "set_route",
    "shelve",
    "sweep",
    "take_in_recordings",
    "take_part",
    "take_waiting",
    "tally",
    "tell_questions",
    "treat",
    "unpin",
    "unreserve",
    "unshelve",
    "upload_captions",
    "upvote",
    "vote",
    "want_target",
    "wire_session",
    "withdraw",
    "withdraw_replay",
]
