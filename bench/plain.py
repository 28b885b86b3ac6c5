"""The naive control of `bench/pages.py`: a list of sixty products in plain Django, nothing else.

Settings, address and view of a site that has the same database, Django's usual middleware and a
page of rows without frame, pictures, languages or facets.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from haishi.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.plain"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the installed app insists
]
ALLOWED_HOSTS = ["*"]
ROWS = 60
PAGE = """<!doctype html><title>Products</title><ul>{% for row in rows %}
<li><a href="{% url 'product' row.slug %}">{{ row.name }}</a> <b>{{ row.organisation.name }}</b>
<i>{{ row.category.name }}</i> {{ row.summary }} {{ row.price_minor }} {{ row.listed_at|date }}</li>
{% endfor %}</ul>"""


def products(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The page."""
    from haishi.catalogue.models import Product

    rows: Any = Product.objects.filter(state="listed").select_related("organisation", "category")
    return HttpResponse(_template().render({"rows": rows.order_by("-listed_at")[:ROWS]}, request))


def healthy(request: HttpRequest) -> HttpResponse:
    """Whether it answers."""
    return HttpResponse("ok")


@cache
def _template() -> Any:
    return engines["django"].from_string(PAGE)


urlpatterns = [
    path("", products),
    path("healthz", healthy),
    path("<slug:slug>/", products, name="product"),
]
