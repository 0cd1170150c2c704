"""Controls with the look of the program: small, without knowledge of experiments."""
