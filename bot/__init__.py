"""Leafline: answers built from a programme's information leaflet and a person's own record."""
