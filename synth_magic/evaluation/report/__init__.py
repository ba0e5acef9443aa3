"""What a comparison with real patients came to, in figures, words and pictures."""
