"""The commands of `cancel-contract`, one module each: arguments, exit codes and output."""
