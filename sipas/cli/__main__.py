"""So that `python -m sipas.cli` is the same as `sipas`."""

from sipas.cli import main

main()
