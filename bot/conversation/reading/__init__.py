"""What a message is before anybody tries to understand it: a wish to stop, a reaction, a phone's own reply."""
