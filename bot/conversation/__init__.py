"""One message in, replies out: who is asking, what may be sent to them, and the order of the steps in between."""
