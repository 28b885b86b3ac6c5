"""Editions, halls, booths and exhibitors over the API."""

from ninja import Router

router = Router()
