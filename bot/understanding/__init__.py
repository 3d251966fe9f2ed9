"""Graph components that Rasa loads by name from config.yml: language, sentence vectors, topics."""
