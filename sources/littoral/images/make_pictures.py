"""Paint the cover and the three photographs of this issue: fog, a wave's edge, sand. Needs Pillow and numpy.

Run it from anywhere: python make_pictures.py. The output is the same each time.
Positions and sizes are in design units, 1800 x 1200 to a photograph; FINE pixels are drawn for each.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).resolve().parent
WIDE, HIGH = 1800, 1200
FINE = 1.5  # 2700 pixels: 300 to the inch across an A4 page with its bleed
ACROSS, DOWN = round(WIDE * FINE), round(HIGH * FINE)
SEA, GREEN, SAND, PAPER = (np.array(c) / 255 for c in ((18, 52, 77), (63, 127, 120), (217, 199, 163), (244, 239, 228)))


def smooth(low, high, x):
    """A soft step: 0 below `low`, 1 above `high`."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(a, b, t):
    """Colour or picture `a` where t is 0, `b` where it is 1."""
    return a + (b - a) * np.asarray(t)[..., None]


def noise(rng, x, y, octaves=5, waves=9):
    """A cloudy field over the plane, about -1 to 1, from sines in all directions."""
    total, size = np.zeros(np.broadcast(x, y).shape), 1.0
    for octave in range(octaves):
        for _ in range(waves):
            angle, phase = rng.uniform(0, 2 * np.pi, 2)
            pitch = 2**octave * rng.uniform(0.75, 1.5)
            total += size * np.sin(pitch * (x * np.cos(angle) + y * np.sin(angle)) + phase)
        size *= 0.55
    return total / waves**0.5


def plane():
    """The y and the x of every pixel, in design units."""
    y, x = np.mgrid[0:DOWN, 0:ACROSS] / FINE
    return y, x


def blurred(image, radius):
    """The image as a field from 0 to 255, blurred by `radius` design units."""
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius * FINE)), float)


def speckle(rng, radius):
    """Random grain blurred by `radius` design units, about -1 to 1."""
    # As many numbers are taken from `rng` at any FINE: what is drawn after the grain stays in its place.
    seed = rng.integers(0, 256, (HIGH, WIDE), dtype=np.uint8)[0]
    grain = np.random.default_rng(seed).integers(0, 256, (DOWN, ACROSS), dtype=np.uint8)
    field = blurred(Image.fromarray(grain), radius) - 127.5
    return field / (field.std() * 2)


def stencil(polygons, blur):
    """Filled polygons as a soft mask from 0 to 1."""
    mask = Image.new("L", (ACROSS * 2, DOWN * 2))
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon([(2 * FINE * x, 2 * FINE * y) for x, y in polygon], fill=255)
    return blurred(mask.resize((ACROSS, DOWN), Image.LANCZOS), blur) / 255


def save(picture, rng, path, grain=0.016):
    """Add film grain and a darker rim, and write a JPEG."""
    y, x = np.mgrid[-1 : 1 : DOWN * 1j, -1 : 1 : ACROSS * 1j]
    picture = picture * (1 - 0.13 * smooth(0.7, 1.9, x * x + y * y))[..., None]
    picture = picture + (grain * (speckle(rng, 0.7) + 0.6 * speckle(rng, 1.6)))[..., None]
    pixels = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=82, optimize=True, progressive=True)


def ground(horizon, height):
    """Where each pixel below the horizon line lies on a plane seen from `height`: across, away, and what is below."""
    y, x = plane()
    below = y > horizon
    away = height / np.maximum(y - horizon, 0.8)
    return (x - WIDE / 2) * away / 900, away, below


def fog_harbour():
    """A harbour mouth in fog, an hour after sunrise."""
    rng = np.random.default_rng(4)
    y, x = plane()
    horizon, sun_x, sun_y = 660, 1130, 470
    far = np.hypot(x - sun_x, y - sun_y)

    air = mix(np.array([0.50, 0.58, 0.62]), np.array([0.83, 0.81, 0.76]), smooth(-100, horizon, y))
    air = mix(air, np.array([1.0, 0.93, 0.80]), 0.85 * np.exp(-far / 300))
    air = mix(air, np.array([1.0, 0.98, 0.93]), 0.9 * (1 - smooth(40, 47, far)))
    scene = mix(air, PAPER, 0.10 * noise(rng, x / 420, y / 130, 4))

    across, away, below = ground(horizon, 560)
    swell = np.zeros_like(x)
    for pitch in np.geomspace(7, 130, 64):
        angle, phase = rng.normal(np.pi / 2, 0.38), rng.uniform(0, 2 * np.pi)
        seen = np.exp(-((pitch * away / 62) ** 1.4))
        swell += pitch**-0.22 * seen * np.cos(pitch * (across * np.cos(angle) + away * np.sin(angle)) + phase)
    depth = smooth(horizon, HIGH, y)
    water = mix(np.array([0.74, 0.75, 0.73]), SEA * 0.9 + 0.10, 0.88 * depth**0.75)
    water = water * (1 + 0.070 * swell * smooth(0, 0.2, depth))[..., None]
    path = np.exp(-(((x - sun_x) / (55 + 260 * depth)) ** 2)) * smooth(0.1, 1.9, swell + 0.7 - depth * 0.5)
    water = mix(water, np.array([1.0, 0.93, 0.80]), 0.75 * path * (1 - 0.45 * depth))
    scene = mix(scene, water, smooth(horizon - 5, horizon + 9, y))

    def lay(polygons, ink, blur, strength, mirror):
        """Put a silhouette into the fog, and its broken reflection under it."""
        nonlocal scene
        scene = mix(scene, ink, stencil(polygons, blur) * strength)
        turned = [[(px, 2 * mirror - py) for px, py in polygon] for polygon in polygons]
        glass = stencil(turned, blur + 5)
        shift = (9 * FINE * swell * smooth(0, 0.5, depth)).astype(int)
        rows = np.clip(np.arange(DOWN)[:, None] + shift, 0, DOWN - 1)
        scene = mix(scene, ink, np.where(below, glass[rows, np.arange(ACROSS)[None, :]], 0) * strength * 0.5)

    steps = np.linspace(0, 1000, 90)
    crest = 660 - 78 * np.exp(-(((steps - 240) / 300) ** 2)) - 6 * noise(rng, steps / 70, steps * 0, 4) * (steps < 900)
    lay([[(0, 662), *zip(steps, np.minimum(crest, 661), strict=True), (1000, 662)]], SEA + 0.28, 5, 0.22, 661)
    lay(
        [
            [(1800, 700), (1800, 672), (1330, 664), (1322, 684)],
            [(1360, 668), (1366, 628), (1380, 628), (1386, 668)],
            [(1364, 630), (1373, 616), (1382, 630)],
        ],
        SEA + 0.18,
        2.6,
        0.44,
        690,
    )
    for boat in (560, 705):
        lay(
            [
                [(boat - 34, 700), (boat + 40, 700), (boat + 50, 686), (boat - 40, 689)],
                [(boat - 2, 690), (boat, 596), (boat + 2, 690)],
                [(boat - 26, 689), (boat - 26, 672), (boat - 4, 672), (boat - 4, 689)],
            ],
            SEA + 0.12,
            2.0,
            0.55,
            700,
        )
    quay = [[(-5, 866), (-5, 738), (648, 714), (672, 719), (684, 792), (656, 797)]]
    posts = [
        [(px, 742), (px, 690 + (650 - px) * 0.012), (px + 5, 690 + (650 - px) * 0.012), (px + 5, 742)]
        for px in (80, 270, 420, 530)
    ]
    light = [
        [(596, 722), (604, 560), (632, 560), (640, 722)],
        [(592, 562), (592, 554), (644, 554), (644, 562)],
        [(604, 556), (606, 526), (630, 526), (632, 556)],
        [(600, 527), (618, 506), (636, 527)],
    ]
    lay(quay + posts + light, SEA * 0.9 + 0.03, 1.1, 0.86, 806)
    scene = mix(scene, np.array([0.93, 0.34, 0.22]), np.exp(-((np.hypot(x - 618, y - 541) / 7) ** 2)))
    scene = mix(scene, np.array([0.95, 0.55, 0.40]), 0.35 * np.exp(-(np.hypot(x - 618, y - 541) / 46)))

    bank = smooth(0.05, 1.0, 0.55 * noise(rng, x / 520, y / 90, 5) + np.exp(-(((y - 690) / 75) ** 2)) * 0.62)
    scene = mix(scene, np.array([0.87, 0.85, 0.80]), 0.6 * bank)
    save(scene, rng, HERE / "fog-harbour.jpg")


def wrack_line():
    """A wave draws back from the sand, seen from straight above."""
    rng = np.random.default_rng(12)
    y, x = plane()
    lean = 0.16 * (x - 900)
    edge = y - lean - 470 - 42 * noise(rng, x / 300, y / 900, 3) - 7 * noise(rng, x / 60, y / 60, 4)
    old = y - lean * 1.15 - 880 - 30 * noise(rng, x / 260, x * 0, 3)

    sand = SAND * 0.98 + (0.035 * speckle(rng, 0.8) + 0.03 * noise(rng, x / 160, y / 110, 4))[..., None]
    wet = 1 - smooth(60, 390, edge + 40 * noise(rng, x / 190, y / 190, 4))
    sand = mix(sand, np.array([0.52, 0.46, 0.38]), 0.72 * wet)
    sheen = smooth(0.1, 1.4, noise(rng, x / 340, y / 60, 4)) * wet * (1 - smooth(0, 240, edge))
    sand = mix(sand, np.array([0.74, 0.78, 0.78]), 0.5 * sheen)

    deep = smooth(-20, -560, edge)
    sea = mix(np.array([0.50, 0.58, 0.52]), GREEN * 0.85, smooth(0, 0.4, deep))
    sea = mix(sea, SEA, smooth(0.25, 1.0, deep))
    bend_x, bend_y = 26 * noise(rng, x / 120, y / 120, 3), 26 * noise(rng, x / 120, y / 120, 3)
    net = np.abs(noise(rng, (x + bend_x) / 52, (y + bend_y) / 40, 3, 7))
    sea = mix(sea, np.array([0.72, 0.82, 0.78]), 0.28 * (1 - smooth(0.0, 0.16, net)) * (1 - 0.75 * deep))

    lace = np.abs(noise(rng, (x + 2 * bend_x) / 34, (y + 2 * bend_y) / 26, 4, 7))
    trail = (
        np.exp(edge / 150) * (edge < 0)
        + np.exp(-(((edge + 300 + 40 * noise(rng, x / 210, y / 400, 3)) / 55) ** 2)) * 0.75
    )
    foam = (1 - smooth(0.0, 0.10 + 0.42 * trail, lace)) * np.clip(trail * 1.35, 0, 1)
    lip = np.exp(-(((edge + 5) / (7 + 5 * smooth(-1, 1, noise(rng, x / 90, y / 90, 3)))) ** 2))
    foam = np.clip(foam + lip, 0, 1) * (0.92 + 0.08 * speckle(rng, 1.0))
    scene = mix(sand, sea, smooth(4, -6, edge))
    scene = scene * (1 - 0.35 * np.exp(-(((edge - 13) / 10) ** 2)))[..., None]
    scene = mix(scene, np.array([0.98, 0.975, 0.95]), 0.93 * foam * (edge < 22))

    def drift_line(at):
        """How far down the old high-water line lies at `at`."""
        return int(np.argmin(np.abs(old[:, int(np.clip(at, 0, WIDE - 1) * FINE)]))) / FINE

    sharp = round(2 * FINE)  # whole, so that a stalk's width is
    marks = Image.new("L", (WIDE * sharp, HIGH * sharp))
    pen = ImageDraw.Draw(marks)
    for _ in range(2600):
        at = rng.uniform(-20, WIDE + 20)
        down = drift_line(at) + rng.normal(0, 9) + rng.exponential(16) * rng.choice([-0.2, 1])
        turn, long = rng.normal(0.16, 0.55), rng.gamma(1.7, 9)
        bow = rng.normal(0, 0.3)
        stalk = [
            (sharp * (at + s * long * np.cos(turn + bow * s)), sharp * (down + s * long * np.sin(turn + bow * s)))
            for s in np.linspace(-1, 1, 7)
        ]
        pen.line(stalk, fill=int(rng.uniform(120, 255)), width=sharp * int(rng.integers(1, 5)), joint="curve")
    marks = marks.resize((ACROSS, DOWN), Image.LANCZOS)
    weed = blurred(marks, 0.8) / 255
    shade = np.roll(blurred(marks, 4) / 255, round(6 * FINE), 0)
    scene = scene * (1 - 0.38 * shade)[..., None]
    brown = mix(np.array([0.16, 0.13, 0.10]), np.array([0.36, 0.27, 0.16]), smooth(-1, 1, speckle(rng, 5)))
    scene = mix(scene, brown, weed * 0.92)
    for _ in range(46):
        at, size = rng.uniform(0, WIDE), rng.uniform(2.5, 6.5)
        down = drift_line(at) + rng.normal(8, 26)
        near = np.hypot((x - at) / 1.35, y - down)
        scene = mix(
            scene,
            np.array([0.2, 0.17, 0.14]),
            0.4 * (1 - smooth(size, size + 4, np.hypot((x - at - 3) / 1.35, y - down - 3))),
        )
        scene = mix(
            scene, np.array([0.93, 0.90, 0.84]) * rng.uniform(0.75, 1.02), 1 - smooth(size - 1, size + 0.7, near)
        )
    save(scene, rng, HERE / "wrack-line.jpg", 0.012)


def parson_sands():
    """Ripples on a sandbank at sunrise, with the sky lying in the troughs."""
    rng = np.random.default_rng(7)
    y, x = plane()
    horizon = 250
    across, away, below = ground(horizon, 900)

    def sand(u, v, seed):
        """The height of the sand: ripples that wander, fork and die, on low broad mounds."""
        field = np.random.default_rng(seed)
        drift = 0.85 * noise(field, u * 0.55, v * 0.55, 4) + 0.10 * noise(field, u * 3, v * 3, 3)
        phase = 19 * (v + 0.20 * u) + 5.2 * drift
        height = np.sin(phase + 0.38 * np.sin(phase)) * (0.80 + 0.22 * noise(field, u * 0.9, v * 0.9, 3))
        return height + 0.55 * noise(field, u * 0.6, v * 0.9, 3)

    step = 0.012
    level = sand(across, away, 21)
    slope_u = (sand(across + step, away, 21) - level) / step
    slope_v = (sand(across, away + step, 21) - level) / step
    lit = (-0.35 * slope_u + 0.95 * slope_v) * 0.058
    distance = smooth(2, 18, away)
    clear = 1 - smooth(4, 11, away)
    lit = 0.5 + 0.5 * np.tanh(1.5 * lit * clear)
    grit = 0.055 * speckle(rng, 0.8) * (1 - distance)

    dry = mix(np.array([0.37, 0.32, 0.28]), np.array([0.95, 0.83, 0.65]), lit) + grit[..., None]
    dry = mix(dry, np.array([0.66, 0.59, 0.50]), 0.75 * distance)
    sky_low, sky_high = np.array([0.98, 0.86, 0.70]), np.array([0.45, 0.58, 0.66])
    mirror = mix(sky_low, sky_high, smooth(horizon, HIGH * 1.05, y)) * 0.94
    pool = smooth(-0.48, -0.80, level)
    shore = np.exp(-(((level + 0.44) / 0.13) ** 2)) * (1 - distance)
    scene = mix(dry, np.array([0.20, 0.19, 0.20]), 0.38 * shore)
    scene = mix(scene, mirror, 0.93 * pool * (0.25 + 0.75 * clear))

    t = np.clip(y / horizon, 0, 1)
    sky = mix(np.array([0.36, 0.50, 0.60]), np.array([0.99, 0.87, 0.70]), t**1.7)
    cloud = smooth(0.1, 1.5, noise(rng, x / 330, y / 34, 5))
    sky = mix(sky, np.array([0.93, 0.79, 0.68]), 0.55 * cloud * (1 - 0.5 * t))
    scene = np.where(below[..., None], scene, sky)
    bar = smooth(horizon - 1.5, horizon, y) * (1 - smooth(0, 3, y - horizon - 15 - 5 * noise(rng, x / 260, x * 0, 4)))
    scene = mix(scene, SEA + 0.22, 0.85 * bar)
    surf = bar * smooth(0.4, 0.9, noise(rng, x / 60, y / 1.6, 3)) * smooth(horizon + 4, horizon + 12, y)
    scene = mix(scene, PAPER, 0.8 * surf)
    haze = np.exp(-np.abs(y - horizon - 10) / 46)
    scene = mix(scene, np.array([0.98, 0.88, 0.74]), 0.34 * haze)
    save(scene, rng, HERE.parent / "articles" / "parson-sands.jpg", 0.012)


def masthead(pen, left, top, size, weight):
    """Draw LITTORAL with straight strokes and circles; `size` is the height of a capital."""
    foot = top + size

    def bar(x0, y0, x1, y1):
        pen.rectangle((left + x0, y0, left + x1, y1), fill=255)

    def bowl(x, y, radius, start=0, end=360):
        pen.arc((left + x - radius, y - radius, left + x + radius, y + radius), start, end, fill=255, width=weight)

    wide, gap, half = round(size * 0.60), round(size * 0.155), size // 2
    for letter in "LITTORAL":
        if letter == "L":
            bar(0, top, weight, foot)
            bar(0, foot - weight, wide * 0.86, foot)
            left += wide * 0.86
        elif letter == "I":
            bar(0, top, weight, foot)
            left += weight
        elif letter == "T":
            bar(0, top, wide, top + weight)
            bar(wide / 2 - weight / 2, top, wide / 2 + weight / 2, foot)
            left += wide - gap * 0.45
        elif letter == "O":
            left -= gap * 0.15
            bowl(half, top + half, half)
            left += size
        elif letter == "R":
            radius = size * 0.30
            bar(0, top, weight, foot)
            bar(0, top, radius, top + weight)
            bar(0, top + 2 * radius - weight, radius, top + 2 * radius)
            bowl(radius, top + radius, radius, -90, 90)
            knee, lean = radius * 0.72, size * 0.34
            pen.polygon(
                [
                    (left + knee, top + 2 * radius - weight / 2),
                    (left + knee + weight * 1.12, top + 2 * radius - weight / 2),
                    (left + lean + weight * 1.15, foot),
                    (left + lean, foot),
                ],
                fill=255,
            )
            left += lean + weight * 1.15 - gap * 0.55
        elif letter == "A":
            span, slant = size * 0.94, weight * 1.12
            pen.polygon(
                [
                    (left + span / 2 - slant / 2, top),
                    (left + span / 2 + slant / 2, top),
                    (left + slant, foot),
                    (left, foot),
                ],
                fill=255,
            )
            pen.polygon(
                [
                    (left + span / 2 - slant / 2, top),
                    (left + span / 2 + slant / 2, top),
                    (left + span, foot),
                    (left + span - slant, foot),
                ],
                fill=255,
            )
            bar(span * 0.24, top + size * 0.60, span * 0.76, top + size * 0.60 + weight * 0.9)
            left += span - gap * 0.1
        left += gap


def cover():
    """Sheets of cut paper from the sky down to the sand; the masthead stands in the water."""
    rng = np.random.default_rng(41)
    wide, high = 1600, 2400
    fine = 1.65  # 2640 pixels: 300 to the inch on the front of an A4 cover
    sharp = 2 * fine
    grid_wide, grid_high = round(wide * sharp), round(high * sharp)
    across = np.arange(grid_wide) / sharp
    inks = [
        PAPER,
        SEA,
        mix(SEA, GREEN, 0.35),
        mix(SEA, GREEN, 0.72),
        mix(GREEN, PAPER, 0.12),
        mix(GREEN, PAPER, 0.48),
        PAPER,
        mix(SAND, SEA, 0.20),
        mix(SAND, SEA, 0.05),
        mix(SAND, PAPER, 0.22),
    ]
    red = np.array([200, 69, 47]) / 255
    base = np.array([0, 560, 690, 850, 1035, 1225, 1392, 1450, 1625, 1850, 2500])
    swing = np.array([0, 5, 16, 40, 78, 120, 150, 150, 165, 150, 0])
    lean = np.array([0, 0, -0.015, -0.05, -0.10, -0.17, -0.235, -0.24, -0.29, -0.33, 0])
    bends = [
        noise(np.random.default_rng(90), across / 520 + 0.05 * k, np.full_like(across, 0.16 * k), 3, 6)
        for k in range(11)
    ]
    edges = [base[k] + 0.45 * swing[k] * bends[k] + lean[k] * (across - 800) for k in range(11)]
    edges[7] = edges[6] + 34 + 15 * noise(rng, across / 130, across * 0, 3, 6)
    edges[1] = base[1] + 7 * np.sin(across / 41) * (0.6 + 0.4 * np.sin(across / 230))

    title = Image.new("L", (grid_wide, grid_high))
    masthead(ImageDraw.Draw(title), 96 * sharp, 324 * sharp, round(247 * sharp), round(44 * sharp))
    figure = Image.new("L", (grid_wide, grid_high))
    pen = ImageDraw.Draw(figure)
    left, top, size, weight = 1176 * sharp, 1930 * sharp, 330 * sharp, 58 * sharp
    stem = left + size * 0.62
    pen.rectangle((stem, top, stem + weight, top + size), fill=255)
    arm = top + size * 0.72
    pen.rectangle((left, arm - weight, left + size, arm), fill=255)
    pen.polygon(
        [(stem - weight * 0.36, top), (stem + weight, top), (left + weight * 1.36, arm - weight), (left, arm - weight)],
        fill=255,
    )

    def painted(first, end):
        """The rows from `first` up to `end` of the picture; a few at a time, for the whole would fill the memory."""
        rows = slice(2 * first, 2 * end)
        y, x = np.mgrid[rows, 0:grid_wide] / sharp
        scene = mix(PAPER, SAND, 0.25 * smooth(620, 0, y))
        scene = mix(scene, red, smooth(187, 185, np.hypot(x - 1164, y - 446)))
        scene = mix(scene, SEA, np.asarray(title)[rows] / 255)
        for k in range(1, 10):
            edge, following = edges[k], edges[k + 1]
            inside = smooth(-0.5, 0.5, y - edge)
            fall = np.clip(edge - y, 0, None)
            scene = scene * (1 - 0.34 * np.exp(-fall / 16) * (fall > 0))[..., None]
            lines = {6: 0, 7: 4, 8: 6, 9: 11}.get(k, 9)
            at = (y - edge) / np.maximum(following - edge, 12)
            sheet = mix(inks[k], inks[min(k + 1, 9)], 0.16 * np.clip(at, 0, 1))
            if lines:
                pitch = np.maximum(following - edge, 12) / lines
                off = np.abs((at * lines + 0.5) % 1 - 0.5) * pitch
                rule = smooth(1.35, 0.45, off) * (at * lines > 0.6)
                sheet = mix(sheet, PAPER if k < 6 else SEA, rule * (0.30 if k < 6 else 0.20))
            scene = mix(scene, sheet, inside)
        scene = mix(scene, red, smooth(5.2, 4.2, np.abs(y - edges[7])))
        scene = mix(scene, SEA, np.asarray(figure)[rows] / 255)
        return scene.reshape(end - first, 2, grid_wide // 2, 2, 3).mean((1, 3))

    height = grid_high // 2
    picture = np.concatenate([painted(first, min(first + 240, height)) for first in range(0, height, 240)])
    grain = Image.fromarray(rng.integers(0, 256, picture.shape[:2], dtype=np.uint8))
    grain = np.asarray(grain.filter(ImageFilter.GaussianBlur(0.8 * fine)), float) - 127.5
    picture = picture + (grain / 127.5 * 0.036 * fine)[..., None]
    Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)).save(
        HERE / "cover.jpg", quality=82, optimize=True, progressive=True
    )


if __name__ == "__main__":
    cover()
    fog_harbour()
    wrack_line()
    parson_sands()
