from django.urls import path

from haishi.foundation import views
from haishi.foundation.papers import views as papers

app_name = "foundation"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.exposition, name="metrics"),
    path("style/", views.specimen, name="specimen"),
    path("papers/root.pem", papers.root, name="paper_root"),
    path("papers/<slug:code>/", papers.paper, name="paper"),
]
