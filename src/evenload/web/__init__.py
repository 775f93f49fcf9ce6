"""The room that speaks to people: one module per screen; every view goes through the door, calls one action, shows a page."""
