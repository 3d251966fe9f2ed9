"""People on the programme: how they are found, listed and read from the database as plain values."""
