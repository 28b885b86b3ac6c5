"""What trade tells the modules below it about itself, and people about their deals."""

from haishi.parties.services import register_personal
from haishi.trade import services
from haishi.trade.subscribers import disputes as disputes
from haishi.trade.subscribers import invoices as invoices
from haishi.trade.subscribers import spending as spending

register_personal("trade", services.export_personal, services.erase_personal)
