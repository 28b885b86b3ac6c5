from django.urls import path

from haishi.expo.views import programme as views

urlpatterns = [
    path("e/<slug:edition>/programme/", views.programme, name="programme"),
    path("e/<slug:edition>/programme/<slug:code>/", views.session, name="session"),
    path("e/<slug:edition>/speakers/", views.speakers, name="speakers"),
]
