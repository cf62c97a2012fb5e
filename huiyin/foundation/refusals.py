"""A refusal: the business says no, in a sentence the person at the screen can act on."""


class Refused(Exception):
    """Say no to a command. Subclasses are defined beside the operation that raises them."""

    @property
    def sentence(self) -> str:
        return str(self)
