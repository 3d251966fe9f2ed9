"""What runs beside the pages: receiving, answering, sending and periodic work, and whether each part of it works."""
