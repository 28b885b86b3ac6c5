"""Addresses under /notices/."""

from django.urls import path, re_path

from haishi.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read-all"),
    path("<int:notice_id>/", views.open_notice, name="open"),
    path("<int:notice_id>/read/", views.read_one, name="read"),
    path("settings/", views.settings_page, name="settings"),
    path("leave/<str:token>/", views.stop_mail, name="unsubscribe"),
    path("push/", views.subscription, name="push"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("webhooks/<slug:slug>/", views.endpoints, name="endpoints"),
    path("webhooks/<slug:slug>/new/", views.add_endpoint, name="endpoint-new"),
    path("webhooks/<slug:slug>/<int:endpoint_id>/", views.endpoint, name="endpoint"),
    re_path(
        r"^webhooks/(?P<slug>[-\w]+)/(?P<endpoint_id>[0-9]+)/"
        r"(?P<action>pause|resume|ping|rotate|replay|remove)/$",
        views.change_endpoint,
        name="endpoint-change",
    ),
    path("webhooks/<slug:slug>/log/<int:dispatch_id>/", views.dispatch, name="dispatch"),
    path("webhooks/<slug:slug>/log/<int:dispatch_id>/replay/", views.replay, name="replay"),
]
