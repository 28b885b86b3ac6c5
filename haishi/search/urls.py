from django.urls import path

from haishi.search import views

app_name = "search"
urlpatterns = [path("suggest", views.suggest, name="suggest")]
