"""`python -m benchmarks`."""

# Imported only here: the processes with the clients begin by importing this file too.
if __name__ == "__main__":
    from benchmarks.runs import main

    main()
