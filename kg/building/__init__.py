"""The build folder and the stages that fill it: read, extract, link, load."""
