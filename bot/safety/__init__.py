"""Life at risk, a child at risk, a threat: noticed before anything else, with nothing that can be missing or down."""
