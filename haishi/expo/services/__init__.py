"""Everything that changes the expo, by area."""

from haishi.expo.archive.pages import register_archive_pages  # noqa: F401
from haishi.expo.services.again import (  # noqa: F401
    ask_again,
    ask_once_more,
    confirm_again,
    decline_again,
    expire_requests,
    register_rollover,
    remind_requests,
)
from haishi.expo.services.agenda import (  # noqa: F401
    add_to_agenda,
    drop_from_agenda,
    erase_agenda,
    export_agenda,
    renew_feed,
)
from haishi.expo.services.announcements import announce, take_down  # noqa: F401
from haishi.expo.services.archives import (  # noqa: F401
    build_again,
    build_due,
    take_archive,
)
from haishi.expo.services.attendance import (  # noqa: F401
    Answer,
    Entry,
    add_checkin_list,
    cancel_registration,
    check_in,
    erase_registrations,
    export_registrations,
    register,
    remove_checkin_list,
    rename_checkin_list,
    share_card,
)
from haishi.expo.services.booth_pages import (  # noqa: F401
    note_exhibits,
    refresh_complete,
    set_media,
    set_staff,
    set_steps,
    set_up_booth,
)
from haishi.expo.services.closing import clone, close  # noqa: F401
from haishi.expo.services.contacts import (  # noqa: F401
    edit_card,
    erase_cards,
    exchange,
    export_cards,
    give_card,
    own_card,
    revoke_card,
    rotate_card,
    scan_badge,
)
from haishi.expo.services.editions import (  # noqa: F401
    create_edition,
    create_series,
    edit_edition,
    open_edition,
    set_cover,
    withdraw_edition,
)
from haishi.expo.services.enquiries import (  # noqa: F401
    about_token,
    close_enquiry,
    enquire,
    erase_enquiries,
    export_enquiries,
    hand_over,
    reassign,
    remove_template,
    save_template,
    write_message,
)
from haishi.expo.services.exhibitors import (  # noqa: F401
    apply,
    approve,
    assign_booth,
    change_tier,
    edit_application,
    reinstate,
    return_,
    submit,
    suspend,
)
from haishi.expo.services.floor import (  # noqa: F401
    add_hall,
    add_rows,
    check_plan,
    edit_hall,
    move_hall,
    remove_hall,
    save_plan,
    set_hall_picture,
)
from haishi.expo.services.leads import add_note, update_lead  # noqa: F401
from haishi.expo.services.programme import (  # noqa: F401
    create_session,
    create_speaker,
    decide,
    edit_session,
    edit_speaker,
    place,
    release,
    unplace,
)
from haishi.expo.services.programme_parts import (  # noqa: F401
    move_part,
    remove_part,
    save_stage,
    save_track,
)
from haishi.expo.services.reply_clock import (  # noqa: F401
    mark_missed,
    remind_owners,
    report_neglected,
)
from haishi.expo.services.session_tables import import_sessions  # noqa: F401
from haishi.expo.services.tables import import_booths, import_exhibitors  # noqa: F401
from haishi.expo.services.tallies import count, count_view, register_subject  # noqa: F401
from haishi.expo.services.tiers import add_tier, edit_tier, remove_tier  # noqa: F401
