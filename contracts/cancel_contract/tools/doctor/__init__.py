"""Whether a target is fit for a gate, asked by reads alone."""
