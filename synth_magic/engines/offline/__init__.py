"""Without any language model: what is stated, else the catalogue, else a plain guess."""
