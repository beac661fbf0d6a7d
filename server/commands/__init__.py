"""What an operator may ask of uPay: a module for each command, its `run` returns the exit code."""
