"""Files and uploads that have waited for a day, for the tests of other modules."""

import datetime as dt

from haishi.foundation import clock
from haishi.media import services
from haishi.media.models import Asset, Upload


def a_day_passes() -> None:
    """Everything pending began a day and a second ago; the loops come by."""
    Asset.objects.update(created_at=clock.now() - dt.timedelta(hours=24, seconds=1))
    Upload.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    services.expire_pending()
    services.expire_uploads()
