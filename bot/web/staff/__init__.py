"""The pages of staff: a module a page."""
