"""The screen in the waiting room: questions for anybody, and one's own dates after a reference and a PIN."""
