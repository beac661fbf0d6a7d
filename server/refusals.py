"""The no of the command line, with its remedy."""


class Refused(Exception):
    """uPay cannot do what was asked of it; `str()` tells a person why and what to do."""
