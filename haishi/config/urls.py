"""Where every address leads. A module owns its own urls.py."""

from django.urls import include, path

from haishi.config.api import api

handler400 = "haishi.foundation.web.bad_request"
handler404 = "haishi.foundation.web.not_found"
handler500 = "haishi.foundation.web.server_error"

urlpatterns = [
    path("", include("haishi.foundation.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("desk/", include("haishi.parties.urls")),
    path("notices/", include("haishi.notices.urls")),
    path("media/", include("haishi.media.urls")),
    path("rooms/", include("haishi.rooms.urls")),
    path("search/", include("haishi.search.urls")),
    # Tried in this order, each with all its addresses: what most people read comes first.
    path("", include("haishi.portal.urls")),
    path("", include("haishi.expo.urls")),
    path("", include("haishi.catalogue.urls")),
    path("", include("haishi.launches.urls")),
    path("", include("haishi.live.urls")),
    path("", include("haishi.trade.urls")),
    path("", include("haishi.contracts.urls")),
    path("", include("haishi.sourcing.urls")),
    path("", include("haishi.licences.urls")),
]
