"""One answer, several reply formats: the wording from data/answers/, and what fits a text message."""
