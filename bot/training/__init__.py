"""Learning from what staff added: a new model is trained beside the one in use, tried, and switched to."""
