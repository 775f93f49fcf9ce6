"""The remembering room: the only Django models, one app, one migration history; `access` is the only door to a row."""
