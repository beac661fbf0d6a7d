"""The explorer at `/graphql`: what a browser sees where programs ask."""

from server.explorer.pages import Explorer

__all__ = ["Explorer"]
