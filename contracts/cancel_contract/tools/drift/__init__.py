"""What a target really sends, held against the fragment."""
