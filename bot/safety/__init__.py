"""Life at risk, a child at risk: noticed before anything else, with nothing that can be missing or down."""
