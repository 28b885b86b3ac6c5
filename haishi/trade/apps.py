from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "haishi.trade"
    label = "trade"
