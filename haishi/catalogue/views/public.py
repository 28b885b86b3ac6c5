"""What every visitor may open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haishi.catalogue import selectors
from haishi.foundation import web


def products(request: HttpRequest) -> HttpResponse:
    """All listed products, with filters."""
    page = selectors.products_page(request.GET.dict())
    return web.page(request, "catalogue/products.html", {"list": page})


def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The products of a category and of those under it."""
    page = selectors.products_page(request.GET.dict(), category=selectors.get_category(slug))
    return web.page(request, "catalogue/products.html", {"list": page})


def brands(request: HttpRequest) -> HttpResponse:
    """The regional brand channels."""
    return render(request, "catalogue/brands.html", {"brands": selectors.brand_cards()})


def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """A brand channel."""
    page = selectors.products_page(request.GET.dict(), brand=selectors.get_brand(slug))
    return web.page(request, "catalogue/products.html", {"list": page})


def product(request: HttpRequest, slug: str) -> HttpResponse:
    """A product's page."""
    page = selectors.product_page(request.user, slug, request.GET.get("picture", ""))
    return web.page(request, "catalogue/product.html", {"page": page}, part="gallery")
