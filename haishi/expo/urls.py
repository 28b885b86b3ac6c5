from typing import Any

app_name = "expo"
urlpatterns: list[Any] = []
