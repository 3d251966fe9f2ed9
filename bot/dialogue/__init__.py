"""The Rasa agent in this process: its store, its actions, and what to say next."""
