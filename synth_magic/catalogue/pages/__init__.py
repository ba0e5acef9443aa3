"""What the catalogue holds, as pages: text here, HTML in the notebook."""
