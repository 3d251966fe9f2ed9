"""What the dialogue may raise."""


class DialogueError(Exception):
    """A message could not be handled; the cause says why."""
