"""What trade tells the modules below it about itself."""

from haishi.parties.services import register_personal
from haishi.trade import services

register_personal("trade", services.export_personal, services.erase_personal)
