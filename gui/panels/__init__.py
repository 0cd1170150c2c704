"""The controls at the top and at the left: each only proposes a new experiment."""
