from django.urls import path

from haishi.catalogue.views import exhibits, public

app_name = "catalogue"
urlpatterns = [
    path("products/", public.products, name="products"),
    path("products/brands/", public.brands, name="brands"),
    path("products/brands/<slug:slug>/", public.brand, name="brand"),
    path("products/c/<slug:slug>/", public.category, name="category"),
    path("products/<slug:slug>/", public.product, name="product"),
    path("exhibit/<int:exhibitor_id>/exhibits/", exhibits.exhibits, name="exhibits"),
]
