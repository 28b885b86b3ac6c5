"""A firm with a booth in an open edition of the organiser, and a dossier that lacks nothing."""

import datetime as dt
from typing import Any

import pytest

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.launches import services
from haishi.media.tests.factories import kept_asset

JPG = {"jpg": [[640, 400]]}


@pytest.fixture
def exhibitor(firm: Any, organiser: Any) -> Any:
    """The firm's booth."""
    return ShownExhibitorFactory(
        organisation=firm, edition__series__organiser=organiser, edition__slug="haizhou-2026"
    )


def sealed(firm: Any, name: str) -> Any:
    """A sealed picture of the firm, with bytes on the disk."""
    return kept_asset(
        firm, "image", {"640.jpg": b"jpg"}, token=f"tok-{name}", purpose="sealed", private=True,
        renditions=JPG,
    )  # fmt: skip


@pytest.fixture
def dossier(firm: Any) -> dict[str, Any]:
    """Everything that is asked for, with a first sale of five by draw, in two hours."""
    return {
        "name": "潮汐灯",
        "name_en": "Tide lamp",
        "teaser": "把海带回家",
        "teaser_en": "Take the sea home",
        "story": "灯随潮汐明暗。",
        "story_en": "It glows with the tide.",
        "teaser_asset_id": sealed(firm, "teaser").pk,
        "cover_asset_id": sealed(firm, "cover").pk,
        "picture_ids": [sealed(firm, "more").pk],
        "unveil_at": clock.now().replace(microsecond=0) + dt.timedelta(hours=2),
        "quota": 5,
        "rule": "draw",
        "price_minor": 12_800,
        "open_minutes": 30,
        "pay_minutes": 20,
    }


@pytest.fixture
def draft(lin: Any, exhibitor: Any, dossier: dict[str, Any]) -> Any:
    """The dossier as a draft of 林."""
    return services.draft(lin, exhibitor.pk, **dossier)


@pytest.fixture
def embargoed(draft: Any, lin: Any, chen: Any) -> Any:
    """Handed in by 林, accepted by 陈."""
    services.submit(lin, draft.pk)
    return services.approve(chen, draft.pk)


@pytest.fixture
def announced(embargoed: Any, lin: Any) -> Any:
    """Public: the teaser and the instant."""
    return services.announce(lin, embargoed.pk)
