"""What people ask: how often, what the bot could not answer, and what staff teach it from that. Nobody is named."""
