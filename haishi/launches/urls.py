"""Addresses of launches: the hall, a launch, the firm's desk, the reviewers' queue."""

from django.urls import path

from haishi.launches.views import buying, certificates, desk, public, review

X = "exhibit/<int:exhibitor_id>/launches"
M = "organise/<slug:edition>/launches"
app_name = "launches"
urlpatterns = [
    path("launches/", public.hall, name="hall"),
    path("launches/mine/", public.mine, name="mine"),
    path("launches/mine/calendar.ics", public.my_calendar, name="my_calendar"),
    path("launches/certificates/<slug:number>/", certificates.verify, name="verify"),
    path("launches/certificates/<slug:number>.pdf", certificates.file, name="certificate"),
    path("launches/feed.xml", public.feed, name="feed"),
    path("launches/<slug:slug>/", public.launch, name="launch"),
    path("launches/<slug:slug>/calendar.ics", public.calendar, name="calendar"),
    path("launches/<slug:slug>/draw.json", public.draw, name="draw"),
    path("launches/<slug:slug>/result/", public.result, name="result"),
    path("launches/<slug:slug>/pay/", buying.pay, name="pay"),
    path("launches/<slug:slug>/<slug:action>/", public.act, name="act"),
    path(f"{X}/", desk.desk, name="desk"),
    path(f"{X}/new/", desk.new, name="new"),
    path(f"{X}/<int:launch_id>/", desk.edit, name="edit"),
    path(f"{X}/<int:launch_id>/instant/", desk.move, name="move"),
    path(f"{X}/<int:launch_id>/quota/", desk.quota, name="quota"),
    path(f"{X}/<int:launch_id>/<slug:action>/", desk.step, name="step"),
    path(f"{M}/", review.queue, name="queue"),
    path(f"{M}/<int:launch_id>/", review.judge, name="judge"),
    path(f"{M}/<int:launch_id>/revoke/", review.revoke, name="revoke"),
    path(f"{M}/<int:launch_id>/approve/", review.approve, name="approve"),
]
