"""Who may open a record: link codes, linked channels, PINs, and how long a wrong one makes somebody wait."""
