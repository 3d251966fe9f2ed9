"""Text as it arrives, made readable: cleaning, short forms, spelling. Plain functions of strings."""

READ_WITH = ("characters", "clean", "disguise", "normalise", "segments", "spelling")
"""The modules here that the classifier's texts go through: a model is stale when one of them changes, and no other."""
