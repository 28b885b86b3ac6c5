"""Forms of trade."""

from haishi.trade.forms.goods import (
    AnswerForm,
    DeliverablesForm,
    HideForm,
    OpenForm,
    ReviewForm,
    StockForm,
)
from haishi.trade.forms.orders import ReasonForm, RefundForm, SentBackForm, ShipForm
from haishi.trade.forms.shop import AddressForm, BuyForm, CheckoutForm

__all__ = [
    "AddressForm",
    "AnswerForm",
    "BuyForm",
    "CheckoutForm",
    "DeliverablesForm",
    "HideForm",
    "OpenForm",
    "ReasonForm",
    "RefundForm",
    "ReviewForm",
    "SentBackForm",
    "ShipForm",
    "StockForm",
]
