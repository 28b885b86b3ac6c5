"""Reading launches. What is embargoed does not exist for others."""

from haishi.launches.selectors.buying import pay_page
from haishi.launches.selectors.certificates import (
    allotment_of,
    certificate_file,
    certificate_of,
    check_certificate,
    digest_of,
)
from haishi.launches.selectors.claims import draw_file, my_claim, sale_numbers
from haishi.launches.selectors.core import (
    get_launch,
    launches_visible_to,
    lock_announced,
    lock_editable,
    lock_for_review,
    missing_of,
)
from haishi.launches.selectors.desk import (
    QUEUES,
    desk_sale,
    get_for_review,
    get_own,
    launches_at,
    launches_to_review,
    products_of,
    review_queue,
    sessions_for,
    story_of,
)
from haishi.launches.selectors.hall import hall_page
from haishi.launches.selectors.mine import claims_of, reserved_by, reserved_for_calendar
from haishi.launches.selectors.notified import (
    claim_facts,
    claim_paid_late,
    documents,
    launch_facts,
    losers_of,
    reservers_of,
    winners_of,
)
from haishi.launches.selectors.results import result_count, result_page
from haishi.launches.selectors.shown import (
    launch_page,
    newest,
    public_allotment,
    shown,
    shown_for_calendar,
    unveiled_slugs,
)

__all__ = [
    "QUEUES",
    "allotment_of",
    "certificate_file",
    "certificate_of",
    "check_certificate",
    "claim_facts",
    "claim_paid_late",
    "claims_of",
    "desk_sale",
    "digest_of",
    "documents",
    "draw_file",
    "get_for_review",
    "get_launch",
    "get_own",
    "hall_page",
    "launch_facts",
    "launch_page",
    "launches_at",
    "launches_to_review",
    "launches_visible_to",
    "lock_announced",
    "lock_editable",
    "lock_for_review",
    "losers_of",
    "missing_of",
    "my_claim",
    "newest",
    "pay_page",
    "products_of",
    "public_allotment",
    "reserved_by",
    "reserved_for_calendar",
    "reservers_of",
    "result_count",
    "result_page",
    "review_queue",
    "sale_numbers",
    "sessions_for",
    "shown",
    "shown_for_calendar",
    "story_of",
    "unveiled_slugs",
    "winners_of",
]
