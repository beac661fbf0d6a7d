"""What letters say; `{names}` in them are filled in when they are written."""

from schema.texts.letters.codes import CODES
from schema.texts.letters.parts import LetterText

__all__ = ["CODES", "LetterText"]
