from typing import Any

app_name = "media"
urlpatterns: list[Any] = []
