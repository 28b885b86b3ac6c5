"""/api/v1: one OpenAPI document of all modules' routers."""

from importlib import import_module
from importlib.util import find_spec

from ninja import NinjaAPI

from haishi import __version__
from haishi.foundation.api import AUTH, install
from haishi.foundation.reference import Reference

MODULES = (
    "parties",
    "notices",
    "media",
    "search",
    "expo",
    "catalogue",
    "live",
    "trade",
    "contracts",
    "launches",
    "licences",
    "sourcing",
)

api = NinjaAPI(
    title="海市 Haishi",
    version=__version__,
    description="Editions, halls, booths, products, programme, enquiries, cards and orders. "
    "Send `Authorization: Bearer <token>`; writes accept an `Idempotency-Key`.",
    auth=AUTH,
    urls_namespace="api",
    docs=Reference(),
)
install(api)
for module in MODULES:
    if find_spec(f"haishi.{module}.api"):
        api.add_router(f"/{module}", import_module(f"haishi.{module}.api").router)
# Disputes and invoices share the address of trade.
api.add_router("/trade", import_module("haishi.trade.api_claims").router)
