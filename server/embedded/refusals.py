"""The no of the embedded PostgreSQL, with its remedy."""


class EmbeddedPostgresRefused(Exception):
    """uPay's own PostgreSQL cannot be started; `str()` tells a person why and what to do."""
