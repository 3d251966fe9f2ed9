"""Text as it arrives, made readable: cleaning, short forms, spelling. Plain functions of strings."""
