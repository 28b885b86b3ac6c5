"""All addresses of the expo. An area keeps its own in `routes/<area>.py`."""

from haishi.expo.routes import exhibitors, floor, programme

app_name = "expo"
urlpatterns = [
    *floor.urlpatterns,
    *exhibitors.urlpatterns,
    *programme.urlpatterns,
]
