"""Questions about one person's record as typed values, and what the record says to each."""
