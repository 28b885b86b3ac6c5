"""How a bench says no."""


class Refusal(Exception):
    """The file must not be kept. `code` is a key of `haishi.media.errors.REASONS`."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)
