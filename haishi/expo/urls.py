"""All addresses of the expo. An area keeps its own in `routes/<area>.py`."""

from haishi.expo.routes import exhibitors, floor

app_name = "expo"
urlpatterns = [
    *floor.urlpatterns,
    *exhibitors.urlpatterns,
]
