"""Small values that services take and selectors give."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StaffMember:
    """A colleague at the booth."""

    person_id: int
    answers: bool = True
    shown: bool = True


@dataclass(frozen=True)
class Step:
    """A button of the booth page; `url` only for the kind "link"."""

    kind: str
    label: str = ""
    label_en: str = ""
    url: str = ""


@dataclass(frozen=True)
class Place:
    """A booth on a plan, in decimetres from the hall's top left corner; no id: a new one."""

    code: str
    x: int
    y: int
    width: int = 30
    depth: int = 30
    id: int | None = None

    def overlaps(self, other: "Place") -> bool:
        """Whether the two share some floor; touching edges do not."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.depth
            and other.y < self.y + self.depth
        )

    def inside(self, width: int, depth: int) -> bool:
        """Whether it lies wholly on a floor of this size."""
        return (
            self.x >= 0
            and self.y >= 0
            and self.x + self.width <= width
            and self.y + self.depth <= depth
        )
