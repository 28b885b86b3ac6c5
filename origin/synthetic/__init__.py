"""The demo's live streams: moving pictures and sound that the program draws itself.

    paths = await prepare(folder)                        # once, in a child that yields to others
    loop = Loop(scene("tide").clip(folder), input.push)  # an `origin.inputs.Input`
    loop.start(now); loop.tick(now)                      # twenty times a second

Loops that are started with the same `now` run on one clock, as the three cameras of the walk do.
"""

from origin.loops import Loop
from origin.synthetic.scenes import SCENES, WALK, NotDrawn, Scene, prepare, scene

__all__ = ["SCENES", "WALK", "Loop", "NotDrawn", "Scene", "prepare", "scene"]
