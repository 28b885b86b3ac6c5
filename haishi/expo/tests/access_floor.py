"""Who may open the pages of the floor and of exhibitors."""

from haishi.foundation.tests.access import Row

ROWS: list[Row] = []
