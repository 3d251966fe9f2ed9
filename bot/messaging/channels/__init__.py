"""One file a provider: check who calls, turn what came into a plain value, send. Nothing else."""
