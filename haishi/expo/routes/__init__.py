"""Addresses of the expo, one file per area; `urls.py` joins them."""
