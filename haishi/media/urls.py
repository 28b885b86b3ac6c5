from django.urls import path

from haishi.media import views

app_name = "media"
urlpatterns = [
    path("", views.library, name="library"),
    path("f/<str:token>/<str:name>", views.file, name="file"),
    path("upload", views.receive, name="upload"),
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<str:token>/", views.upload, name="resumable"),
    path("assets/<str:token>/", views.asset, name="asset"),
    path("assets/<str:token>/remove", views.remove, name="remove"),
]
