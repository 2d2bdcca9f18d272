"""Why a process of the service does not start."""


class Refusal(Exception):
    """The reason as one German sentence."""
