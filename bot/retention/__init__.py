"""How long things are kept, how a person is erased, and what is held about one: over every table there is."""
