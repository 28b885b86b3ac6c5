from django.urls import path

from haishi.foundation import views

app_name = "foundation"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.exposition, name="metrics"),
    path("style/", views.specimen, name="specimen"),
]
