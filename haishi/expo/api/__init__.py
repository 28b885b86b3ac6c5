"""/api/v1/expo: one file per area adds its operations to `router`."""

from ninja import Router

from haishi.expo.api import floor

router = Router(tags=["expo"])
router.add_router("", floor.router)
