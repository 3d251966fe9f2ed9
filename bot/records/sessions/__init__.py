"""Groups and their sessions: the programme's numbers, planning, moving, cancelling, and what is odd about a date."""
