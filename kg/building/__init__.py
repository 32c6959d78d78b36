"""The build folder and the stages that fill it: read, extract, link, load."""

import os

# Arrow's own allocator takes so long to get memory from the system that a small rebuild spends half a second on it.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
