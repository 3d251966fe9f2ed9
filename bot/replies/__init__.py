"""One answer, several renderings: the wording from data/answers/, and what fits a text message."""
