"""What it takes to run the service beside other programs."""
