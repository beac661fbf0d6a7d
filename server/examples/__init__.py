"""Examples for those who build front ends: small pages that use the API as theirs would."""

from server.examples.pages import routes

__all__ = ["routes"]
