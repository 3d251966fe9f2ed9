"""The topics that people ask about: what each of them is, and the questions that teach them."""
