#!/bin/sh
# The command `planwatch` inside the image, where the project is not installed as a package.
exec python -m services "$@"
