"""Who may publish where, and what the publishers' messages become.

The house arms sessions; a publisher arrives with a key (or is let in by the origin itself), pushes,
and goes. Each camera of a session has one `Input` and one `Feed` for as long as the session is
armed: reconnects, other encoders and other clocks go on in the same feed.
"""

from origin.inputs.camera import Change, Code, Input, Kick, Refused
from origin.inputs.clock import Clock
from origin.inputs.desk import Changed, Inputs

__all__ = ["Change", "Changed", "Clock", "Code", "Input", "Inputs", "Kick", "Refused"]
