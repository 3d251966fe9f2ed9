"""Members of staff: who they are, how they sign in, and what of the record is theirs to see."""
