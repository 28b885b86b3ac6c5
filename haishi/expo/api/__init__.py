"""/api/v1/expo: one file per area adds its operations to `router`."""

from ninja import Router

from haishi.expo.api import floor, people, programme

router = Router(tags=["expo"])
router.add_router("", floor.router)
router.add_router("", programme.router)
router.add_router("", people.router)
