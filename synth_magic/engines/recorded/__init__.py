"""Answers of a language model, kept as files and found again by what was asked."""
