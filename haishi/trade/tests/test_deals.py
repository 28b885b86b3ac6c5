"""Random deals beside a plain model: money in = money out + held, always."""

import pytest
from hypothesis import HealthCheck, settings

from haishi.trade.tests.deals_agreed import AllDeals


@pytest.mark.django_db
def test_money_in_is_money_out_plus_held_in_random_deals():
    from django.db import transaction
    from hypothesis.stateful import run_state_machine_as_test

    class Undone(AllDeals):
        """Each run in a transaction of its own, which is undone at its end."""

        def __init__(self) -> None:
            self.space = transaction.atomic()
            self.space.__enter__()
            super().__init__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.space.__exit__(None, None, None)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=8,
            stateful_step_count=35,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
