"""Pictures of synthetic beside real patients, in which no single real patient can be read."""
