from django.urls import path

from haishi.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("tour/", views.tour, name="tour"),
    path("take-part/", views.take_part, name="take_part"),
    path("desk/", views.desk, name="desk"),
    path("o/<slug:slug>/", views.organisation, name="organisation"),
    path("e/<slug:edition>/", views.edition, name="edition"),
    path("e/<slug:edition>/halls/", views.halls, name="halls"),
    path("e/<slug:edition>/halls/<slug:hall>/", views.hall, name="hall"),
    path("e/<slug:edition>/booths/<int:exhibitor_id>/", views.booth, name="booth"),
    path("about/", views.static_page, {"name": "about"}, name="about"),
    path("terms/", views.static_page, {"name": "terms"}, name="terms"),
    path("privacy/", views.static_page, {"name": "privacy"}, name="privacy"),
    path("accessibility/", views.static_page, {"name": "accessibility"}, name="accessibility"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("feed.xml", views.feed, name="feed"),
]
