"""Ten objects of the expo. Each takes a seeded source of chance and returns its meshes."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin
from random import Random

from .mesh import Mesh, curve


def vase(rng: Random) -> list[Mesh]:
    belly, neck = rng.uniform(0.075, 0.105), rng.uniform(0.022, 0.036)
    low = rng.uniform(0.09, 0.17)
    body = Mesh(rng.choice(("celadon", "black", "glaze", "jade")))
    outer = [
        (0.001, 0.0),
        (0.048, 0.0),
        (0.052, 0.006),
        (belly, low),
        (belly * 0.8, low + 0.07),
        (neck, 0.27),
        (neck + 0.014, 0.3),
    ]
    inner = [(neck + 0.010, 0.3), (neck - 0.004, 0.27), (neck + 0.01, 0.24)]
    body.lathe(curve(outer, 6), 40)
    body.lathe(curve(inner, 4), 40)
    band = Mesh("gold")
    band.lathe(
        [(belly + 0.0012, low - 0.002), (belly + 0.0018, low), (belly + 0.0012, low + 0.002)], 40
    )
    return [body, band]


def plate(rng: Random) -> list[Mesh]:
    dish = Mesh(rng.choice(("glaze", "celadon", "indigo")))
    depth = rng.uniform(0.02, 0.035)
    dish.lathe(curve([(0.001, 0.0), (0.07, 0.0), (0.1, depth * 0.6), (0.145, depth)], 8), 48)
    dish.lathe(curve([(0.145, depth), (0.1, depth * 0.7), (0.07, 0.006), (0.001, 0.006)], 8), 48)
    rim = Mesh("gold")
    rim.lathe([(0.1445, depth - 0.001), (0.1465, depth + 0.0005), (0.1445, depth + 0.002)], 48)
    return [dish, rim]


def teapot(rng: Random) -> list[Mesh]:
    wide = rng.uniform(0.07, 0.085)
    pot, lid = Mesh("vermilion"), Mesh("wood")
    pot.lathe(
        curve(
            [
                (0.001, 0.0),
                (0.05, 0.0),
                (wide, 0.05),
                (wide * 0.9, 0.09),
                (0.034, 0.115),
                (0.032, 0.118),
            ],
            6,
        ),
        40,
    )
    lid.lathe(
        curve([(0.034, 0.117), (0.028, 0.126), (0.008, 0.134), (0.012, 0.146), (0.001, 0.152)], 5),
        32,
    )
    spout = [(wide * 0.9, 0.055), (wide + 0.03, 0.075), (wide + 0.05, 0.11)]
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(spout)):
        pot.rod((x0, y0, 0.0), (x1, y1, 0.0), 0.012 - 0.003 * i)
    for k in range(16):
        a, b = pi * (0.5 + k / 16), pi * (0.5 + (k + 1) / 16)
        pot.rod(
            (-wide + 0.005 + 0.045 * cos(a), 0.065 + 0.038 * sin(a), 0.0),
            (-wide + 0.005 + 0.045 * cos(b), 0.065 + 0.038 * sin(b), 0.0),
            0.006,
        )
    return [pot, lid]


def kite(rng: Random) -> list[Mesh]:
    frame, silk, eyes = (
        Mesh("wood"),
        Mesh(rng.choice(("vermilion", "indigo", "jade"))),
        Mesh("paper"),
    )
    span, bow = rng.uniform(0.2, 0.25), rng.uniform(0.02, 0.045)
    steps = 24
    top = [
        (
            span * (2 * k / steps - 1),
            0.24 - 0.05 * abs(2 * k / steps - 1) ** 2,
            -bow * (2 * k / steps - 1) ** 2,
        )
        for k in range(steps + 1)
    ]
    low = [(x, y - 0.075 * (1 - abs(x / span) ** 3) - 0.012, z) for x, y, z in top]
    for (a, b), (c, d) in zip(pairwise(top), pairwise(low), strict=True):
        silk.sheet(c, d, b, a)
        frame.rod(a, b, 0.0022)
        frame.rod(c, d, 0.0018)
    for side in (-1.0, 1.0):
        silk.sheet(
            (side * 0.06, 0.17, -0.002),
            (0.0, 0.16, 0.0),
            (side * 0.06, 0.1, -0.004),
            (side * 0.16, 0.0, -0.03),
        )
        frame.rod((0.0, 0.22, 0.0), (side * 0.16, 0.0, -0.03), 0.002)
        eyes.lathe([(0.018, 0.2), (0.014, 0.206), (0.001, 0.208)], 20, (side * span * 0.5, 0.003))
        for k in range(9):
            eyes.sheet(
                (side * (0.07 + 0.009 * k), 0.1 - 0.01 * k, 0.002),
                (side * (0.085 + 0.009 * k), 0.1 - 0.01 * k, 0.0),
                (side * (0.085 + 0.009 * k), 0.104 - 0.01 * k, 0.0),
                (side * (0.07 + 0.009 * k), 0.104 - 0.01 * k, 0.002),
            )
    frame.rod((0.0, 0.28, 0.0), (0.0, 0.06, 0.0), 0.003)
    return [frame, silk, eyes]


def pagoda(rng: Random) -> list[Mesh]:
    storeys, sides = rng.choice((5, 7, 9)), 8
    wall, roof, trim = Mesh("paper"), Mesh("jade" if rng.random() < 0.5 else "black"), Mesh("gold")
    y, wide, step = 0.02, 0.07, 0.26 / storeys
    wall.lathe([(0.001, 0.0), (0.1, 0.0), (0.1, 0.02), (0.07, 0.02)], sides)
    for _ in range(storeys):
        wall.lathe([(wide, y), (wide * 0.97, y + step * 0.62)], sides)
        for k in range(sides):
            t = 2 * pi * (k + 0.5) / sides
            wall.block(wide * 0.9 * cos(t), y, wide * 0.9 * sin(t), 0.008, step * 0.6, 0.008)
            tip = (wide * 1.5 * cos(t), y + step * 0.7, wide * 1.5 * sin(t))
            trim.rod(tip, (tip[0], tip[1] - step * 0.2, tip[2]), 0.0014)
        eaves = [
            (wide * 0.9, y + step * 0.62),
            (wide * 1.46, y + step * 0.6),
            (wide * 1.5, y + step * 0.68),
            (wide * 1.1, y + step * 0.78),
            (wide * 0.8, y + step),
        ]
        roof.lathe(eaves, sides)
        y, wide = y + step, wide * 0.9
    trim.lathe(
        curve(
            [
                (0.012, y),
                (0.02, y + 0.012),
                (0.006, y + 0.02),
                (0.011, y + 0.03),
                (0.001, y + 0.06),
            ],
            5,
        ),
        20,
    )
    return [wall, roof, trim]


def lantern(rng: Random) -> list[Mesh]:
    wide = rng.uniform(0.08, 0.11)
    shade, ribs, caps = Mesh("vermilion"), Mesh("gold"), Mesh("wood")
    bulge = curve([(wide * 0.5, 0.07), (wide, 0.15), (wide * 0.5, 0.23)], 9)
    shade.lathe(bulge, 24)
    for k in range(12):
        t = pi * k / 6
        for (r0, y0), (r1, y1) in list(pairwise(bulge))[::2]:
            ribs.rod((r0 * cos(t), y0, r0 * sin(t)), (r1 * cos(t), y1, r1 * sin(t)), 0.0014)
    for y in (0.058, 0.23):
        caps.lathe([(0.001, y), (wide * 0.52, y), (wide * 0.52, y + 0.014), (0.001, y + 0.014)], 24)
    caps.rod((0.0, 0.24, 0.0), (0.0, 0.3, 0.0), 0.002)
    for k in range(16):
        t = pi * k / 8
        ribs.rod(
            (0.02 * cos(t), 0.058, 0.02 * sin(t)), (0.022 * cos(t), 0.0, 0.022 * sin(t)), 0.0012
        )
    return [shade, ribs, caps]


def cubes(rng: Random) -> list[Mesh]:
    meshes = [Mesh(name) for name in ("wood", "paper", "vermilion", "indigo")]
    for x in range(4):
        for z in range(4):
            for y in range(rng.choice((1, 2, 2, 3, 4))):
                rng.choice(meshes).block(
                    (x - 1.5) * 0.06, y * 0.06, (z - 1.5) * 0.06, 0.057, 0.057, 0.057
                )
    meshes[0].block(0.0, -0.012, 0.0, 0.27, 0.01, 0.27)
    return [mesh for mesh in meshes if mesh.indices]


def ship(rng: Random) -> list[Mesh]:
    hull, sails, spars = (
        Mesh("wood"),
        Mesh(rng.choice(("vermilion", "paper", "indigo"))),
        Mesh("black"),
    )
    ribs = []
    for i in range(25):
        t = i / 12 - 1
        beam, keel = 0.045 * (1 - abs(t) ** 2.6) + 0.004, 0.03 * abs(t) ** 3
        ribs.append(
            [
                (
                    0.17 * t,
                    0.06 + 0.03 * t * t - (0.06 + 0.03 * t * t - keel) * sin(a),
                    beam * cos(a),
                )
                for a in (pi * k / 10 for k in range(11))
            ]
        )
    for first, second in pairwise(ribs):
        for (a, b), (c, d) in zip(pairwise(first), pairwise(second), strict=True):
            hull.sheet(a, b, d, c)
        hull.sheet(first[0], second[0], second[-1], first[-1])
    for x, tall in ((-0.075, 0.15), (0.01, 0.22), (0.09, 0.13)):
        spars.rod((x, 0.04, 0.0), (x, 0.07 + tall, 0.0), 0.003)
        for k in range(8):
            y0, y1 = 0.085 + tall * k / 9, 0.085 + tall * (k + 1) / 9
            wide = 0.055 - 0.002 * k
            sails.sheet(
                (x - wide * 0.5, y0, 0.004),
                (x + wide, y0 + 0.006, 0.012),
                (x + wide, y1 + 0.006, 0.012),
                (x - wide * 0.5, y1, 0.004),
            )
            spars.rod((x - wide * 0.5, y0, 0.004), (x + wide, y0 + 0.006, 0.012), 0.0013)
    return [hull, sails, spars]


def screen(rng: Random) -> list[Mesh]:
    frame, panel, leaf = Mesh("wood"), Mesh("paper"), Mesh(rng.choice(("jade", "indigo", "gold")))
    x, z = -0.24, 0.0
    for fold in range(6):
        nx, nz = x + 0.075, 0.03 * ((fold + 1) % 2)
        panel.sheet((x, 0.01, z), (nx, 0.01, nz), (nx, 0.29, nz), (x, 0.29, z))
        for y in (0.01, 0.1, 0.29):
            frame.rod((x, y, z), (nx, y, nz), 0.004)
        frame.rod((x, 0.0, z), (x, 0.3, z), 0.005)
        for _ in range(14):
            t, y = rng.uniform(0.12, 0.85), rng.uniform(0.12, 0.27)
            px, pz = x + (nx - x) * t, z + (nz - z) * t + 0.0012
            leaf.sheet(
                (px, y, pz),
                (px + 0.008, y + 0.006, pz),
                (px + 0.003, y + 0.02, pz),
                (px - 0.005, y + 0.009, pz),
            )
        x, z = nx, nz
    frame.rod((x, 0.0, z), (x, 0.3, z), 0.005)
    return [frame, panel, leaf]


def stele(rng: Random) -> list[Mesh]:
    stone, cut = Mesh("stone"), Mesh("black")
    stone.block(0.0, 0.0, 0.0, 0.2, 0.04, 0.09)
    stone.block(0.0, 0.04, 0.0, 0.15, 0.2, 0.045)
    for k in range(24):
        a, b = pi * k / 24, pi * (k + 1) / 24
        for side in (1.0, -1.0):
            ends = [
                (0.0, 0.24),
                (0.075 * cos(a), 0.24 + 0.05 * sin(a)),
                (0.075 * cos(b), 0.24 + 0.05 * sin(b)),
            ]
            p, q, r = [
                (x, y, side * 0.0225)
                for x, y in (ends if side > 0 else (ends[0], ends[2], ends[1]))
            ]
            stone.triangle(p, q, r, (0.0, 0.0, side))
        stone.quad(
            (0.075 * cos(a), 0.24 + 0.05 * sin(a), 0.0225),
            (0.075 * cos(a), 0.24 + 0.05 * sin(a), -0.0225),
            (0.075 * cos(b), 0.24 + 0.05 * sin(b), -0.0225),
            (0.075 * cos(b), 0.24 + 0.05 * sin(b), 0.0225),
        )
    for column in range(6):
        for row in range(10):
            x, y = -0.055 + 0.022 * column, 0.055 + 0.0175 * row
            cut.block(x, y, 0.0226, 0.012, 0.0022, 0.001)
            cut.block(x + rng.uniform(-0.003, 0.003), y + 0.001, 0.0226, 0.002, 0.011, 0.001)
    return [stone, cut]
