"""Secrets of webhooks at rest: a copy of the database must not let anyone sign in a firm's name."""

from functools import partial

from haishi.foundation import sealing

_PURPOSE = "webhook-secrets"
seal, unseal = partial(sealing.seal, _PURPOSE), partial(sealing.unseal, _PURPOSE)
