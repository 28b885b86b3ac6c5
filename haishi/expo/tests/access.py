"""Who may open which address of the expo, by area."""

from haishi.expo.tests import access_closing, access_floor, access_people, access_programme

ROWS = [
    *access_floor.ROWS,
    *access_people.ROWS,
    *access_programme.ROWS,
    *access_closing.ROWS,
]
