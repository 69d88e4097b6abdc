"""What changes from one plan year to the next, in plain words: complete, since what cannot be worded is named."""

from huimin.terms.changes.changing import Change, Direction, changes_between

__all__ = ["Change", "Direction", "changes_between"]
