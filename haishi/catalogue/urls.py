"""Addresses of the catalogue: public pages, the firm's shelf, moderators, keepers, booths."""

from django.urls import path

from haishi.catalogue.views import desk, exhibits, moderation, public

D = "products/desk/<slug:org>"
P = f"{D}/<int:product_id>"
B = "products/keep/<slug:brand>"
M = "organise/<slug:edition>/products"
X = "exhibit/<int:exhibitor_id>/exhibits"
app_name = "catalogue"
urlpatterns = [
    path("products/", public.products, name="products"),
    path("products/brands/", public.brands, name="brands"),
    path("products/brands/<slug:slug>/", public.brand, name="brand"),
    path("products/c/<slug:slug>/", public.category, name="category"),
    path("products/desk/", desk.home, name="desk_home"),
    path(f"{D}/", desk.shelf, name="desk"),
    path(f"{D}/new/", desk.new, name="new"),
    path(f"{D}/import/", desk.import_, name="import"),
    path(f"{D}/export.<str:form>", desk.export, name="export"),
    path(f"{P}/", desk.edit, name="edit"),
    path(f"{P}/pictures/", desk.pictures, name="pictures"),
    path(f"{P}/<slug:action>/", desk.step, name="step"),
    path(f"{B}/", moderation.wishes, name="wishes"),
    path(f"{B}/<int:product_id>/<slug:action>/", moderation.answer, name="answer"),
    path(f"{M}/", moderation.queue, name="moderation"),
    path(f"{M}/<int:product_id>/", moderation.judge, name="judge"),
    path(f"{M}/<int:product_id>/<slug:action>/", moderation.decide, name="decide"),
    path(f"{X}/", exhibits.exhibits, name="exhibits"),
    path(f"{X}/<int:product_id>/up/", exhibits.put_up, name="put_up"),
    path(f"{X}/<int:product_id>/down/", exhibits.take_down, name="take_down"),
    path("products/<slug:slug>/", public.product, name="product"),
]
