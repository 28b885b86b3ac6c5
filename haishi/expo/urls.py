"""All addresses of the expo. An area keeps its own in `routes/<area>.py`."""

from haishi.expo.routes import (
    attendance,
    closing,
    contacts,
    enquiries,
    exhibitors,
    floor,
    leads,
    programme,
    timetable,
)

app_name = "expo"
urlpatterns = [
    *floor.urlpatterns,
    *exhibitors.urlpatterns,
    *programme.urlpatterns,
    *attendance.urlpatterns,
    *contacts.urlpatterns,
    *enquiries.urlpatterns,
    *leads.urlpatterns,
    *timetable.urlpatterns,
    *closing.urlpatterns,
]
