"""Everything that changes the expo, by area."""
