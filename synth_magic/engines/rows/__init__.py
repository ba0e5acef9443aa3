"""The rows method: a language model writes the patients, a few in each request."""
