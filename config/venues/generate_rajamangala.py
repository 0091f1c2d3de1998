#!/usr/bin/env python3
"""Makes rajamangala.json: the Rajamangala National Stadium, Bangkok, in concert layout.

An end stage in the north with a runway, standing pens before it, seated blocks on the floor, and
two tiers around whose rows follow the oval. Exactly 50,000 places. Units are metres; x grows to
the east, y to the south, from the upper left corner of the plan.

The bowl is a family of ovals: two straight sides and two half circles. A row is the oval at its
distance from the axis, a sector the piece of it between two aisles.

Run it from anywhere; it writes beside itself:  python3 config/venues/generate_rajamangala.py
"""

import math
import pathlib

from venue_writing import (
    ROW_PITCH,
    SEAT_PITCH,
    Row,
    Seat,
    SeatedZone,
    StandingZone,
    points,
    rectangle,
    write_venue,
)

CAPACITY = 50_000
WIDTH, HEIGHT = 224, 234
AXIS = WIDTH / 2
NORTH, SOUTH = 60.0, 144.0  # where the straight sides end and the half circles begin
AISLE = 1.2
STAGE_FRONT = 40.0
STAGE_EYE = (AXIS, 38.0)

CATEGORIES = [
    ("vip", "VIP standing", "วีไอพี ยืนหน้าเวที", "#b5179e"),
    ("standing", "Standing", "บัตรยืน", "#f72585"),
    ("floor-a", "Floor A", "พื้นสนาม A", "#d00000"),
    ("floor-b", "Floor B", "พื้นสนาม B", "#f3722c"),
    ("cat1", "Lower tier, sides", "ชั้นล่าง ด้านข้าง", "#f9a620"),
    ("cat2", "Lower tier, end", "ชั้นล่าง ฝั่งตรงข้ามเวที", "#90be6d"),
    ("cat3", "Upper tier, sides", "ชั้นบน ด้านข้าง", "#2a9d8f"),
    ("cat4", "Upper tier, end", "ชั้นบน ฝั่งตรงข้ามเวที", "#277da1"),
    ("restricted", "Restricted view", "ทัศนวิสัยจำกัด", "#8d99ae"),
]

# Sectors from the north-west, round the south, to the north-east: as those who sit there and
# look at the field count from left to right. A sector is a side of the oval and a span on it:
# degrees on the half circles, metres on the straight sides.


def sector_spans(north_degrees, south_sectors):
    spans = [("north-west", a, b) for a, b in zip(north_degrees, north_degrees[1:])]
    quarter = (SOUTH - NORTH) / 4
    spans += [("west", NORTH + n * quarter, NORTH + (n + 1) * quarter) for n in range(4)]
    step = 180 / south_sectors
    spans += [("south", n * step, (n + 1) * step) for n in range(south_sectors)]
    spans += [("east", SOUTH - n * quarter, SOUTH - (n + 1) * quarter) for n in range(4)]
    rising = north_degrees[::-1]
    spans += [("north-east", a, b) for a, b in zip(rising, rising[1:])]
    return spans


def on_oval(side, radius, where):
    """The point at `where` of a side of the oval whose distance from the axis is `radius`."""
    if side == "west":
        return AXIS - radius, where
    if side == "east":
        return AXIS + radius, where
    angle = math.radians(where)
    if side == "north-west":  # degrees above the joint
        return AXIS - radius * math.cos(angle), NORTH - radius * math.sin(angle)
    if side == "north-east":
        return AXIS + radius * math.cos(angle), NORTH - radius * math.sin(angle)
    return AXIS - radius * math.cos(angle), SOUTH + radius * math.sin(angle)  # south, from the west


def metres_of_span(side, radius, begin, end):
    if side in ("west", "east"):
        return abs(end - begin)
    return math.radians(abs(end - begin)) * radius


def restricted(x, y):
    """Beside the stage or behind its front edge, the sound towers and wings hide part of it."""
    return y < STAGE_FRONT - 3


def seats_along(side, radius, begin, end, pitch=SEAT_PITCH):
    """Chairs evenly on the row's piece of the oval, an aisle's half left free at both ends."""
    length = metres_of_span(side, radius, begin, end)
    count = int((length - AISLE) / pitch)
    margin = (length - (count - 1) * pitch) / 2
    places = []
    for n in range(count):
        share = (margin + n * pitch) / length
        places.append(on_oval(side, radius, begin + (end - begin) * share))
    return places


def sector_outline(side, inner, outer, begin, end):
    steps = 1 if side in ("west", "east") else 6
    trim_inner = 0.35 / metres_of_span(side, inner, begin, end)
    trim_outer = 0.35 / metres_of_span(side, outer, begin, end)

    def edge(radius, trim):
        first = begin + (end - begin) * trim
        last = end - (end - begin) * trim
        return [on_oval(side, radius, first + (last - first) * n / steps) for n in range(steps + 1)]

    return edge(inner, trim_inner) + edge(outer, trim_outer)[::-1]


def sector_name(zone_id, tier_en, tier_th):
    return {"en": f"{tier_en} {zone_id}", "th": f"{tier_th} {zone_id}"}


def make_seat(x, y, flags=""):
    if restricted(x, y):
        return Seat(x, y, flags + "r", "restricted")
    return Seat(x, y, flags)


def platform_row(side, radius, begin, end):
    """Places for wheelchairs, each with its companion's chair beside it; then a gap."""
    middle = (begin + end) / 2
    length = metres_of_span(side, radius, begin, end)
    metre = (end - begin) / length
    pairs, pair_pitch, companion_at = 8, 2.5, 0.95
    start = middle - metre * (pairs * pair_pitch / 2 - 0.8)
    seats = []
    for n in range(pairs):
        x, y = on_oval(side, radius, start + metre * n * pair_pitch)
        seats.append(make_seat(x, y, "a"))
        x, y = on_oval(side, radius, start + metre * (n * pair_pitch + companion_at))
        seats.append(make_seat(x, y, "c"))
    return Row("P", seats, breaks=range(2, 2 * pairs, 2))


def lower_tier():
    """Rows 1 to 17; a tunnel to the field cuts four of them in every other sector; behind the
    last row, on the level of the concourse, the platforms."""
    inner, rows = 54.0, 17
    zones = []
    spans = sector_spans([34, 17, 0], 8)
    for index, (side, begin, end) in enumerate(spans):
        zone_id = f"C{index + 1}"
        at_end = side == "south" and 40 < (begin + end) / 2 < 140
        from_stage = min(index, len(spans) - 1 - index)  # alike on both sides
        platform = from_stage >= 2 and from_stage % 2 == 0
        outer = inner + rows * ROW_PITCH + (1.6 if platform else 0)
        zone = SeatedZone(
            zone_id,
            sector_name(zone_id, "Lower tier", "ชั้นล่าง"),
            "cat2" if at_end else "cat1",
            sector_outline(side, inner - 0.5, outer - 0.2, begin, end),
        )
        for n in range(rows):
            places = seats_along(side, inner + n * ROW_PITCH, begin, end)
            breaks = []
            if from_stage % 2 == 1 and 7 <= n <= 10:
                left = len(places) // 2 - 3
                places = places[:left] + places[left + 6 :]
                breaks = [left]
            zone.rows.append(Row(str(n + 1), [make_seat(x, y) for x, y in places], breaks))
        if platform:
            zone.rows.append(platform_row(side, inner + rows * ROW_PITCH + 0.9, begin, end))
        zones.append(zone)
    return zones


def upper_rows(side, begin, end):
    """The stands rise on the long sides and fall towards both ends, as the real ones do."""
    if side in ("west", "east"):
        middle = abs((begin + end) / 2 - (NORTH + SOUTH) / 2)
        return 27 if middle < 20 else 25
    towards_end = (begin + end) / 2
    if side == "south":
        return round(12 + 11 * abs(towards_end - 90) / 90)
    return 21 if towards_end < 12 else 15


def upper_tier():
    inner = 74.5
    zones = []
    for index, (side, begin, end) in enumerate(sector_spans([36, 24, 12, 0], 12)):
        zone_id = f"D{index + 1}"
        rows = upper_rows(side, begin, end)
        at_end = side == "south" and 40 < (begin + end) / 2 < 140
        zone = SeatedZone(
            zone_id,
            sector_name(zone_id, "Upper tier", "ชั้นบน"),
            "cat4" if at_end else "cat3",
            sector_outline(side, inner - 0.5, inner + rows * ROW_PITCH - 0.2, begin, end),
        )
        for n in range(rows):
            places = seats_along(side, inner + n * ROW_PITCH, begin, end)
            zone.rows.append(Row(str(n + 1), [make_seat(x, y) for x, y in places]))
        zones.append(zone)
    return zones


def standing_pens():
    pens = [
        ("A1", "vip", "Front pen, left", "คอกหน้า ซ้าย", rectangle(76, 43, 108, 60), 2000),
        ("A2", "vip", "Front pen, right", "คอกหน้า ขวา", rectangle(116, 43, 148, 60), 2000),
        ("A3", "standing", "Middle pen, left", "คอกกลาง ซ้าย", rectangle(74, 62.5, 104.5, 82), 2000),
        ("A4", "standing", "Middle pen, right", "คอกกลาง ขวา", rectangle(119.5, 62.5, 150, 82), 2000),
        ("A5", "standing", "Rear pen", "คอกหลัง", rectangle(76, 84.5, 148, 95), 2000),
    ]
    return [
        StandingZone(pen, {"en": f"{en} ({pen})", "th": f"{th} ({pen})"}, category, outline, capacity)
        for pen, category, en, th, outline, capacity in pens
    ]


def floor_blocks():
    """Four columns in three ranks behind the pens; the inner ones of the first rank stand behind
    the mixing desk, whose tower hides part of the stage from the chairs right behind it."""
    columns, seats_in_row, aisle = 4, 30, 3.0
    block_width = seats_in_row * SEAT_PITCH
    left_edge = AXIS - (columns * block_width + (columns - 1) * aisle) / 2
    zones = []
    for rank, top in enumerate((98.0, 119.0, 140.0)):
        for column in range(columns):
            inner = column in (1, 2)
            behind_desk = rank == 0 and inner
            rows = 12 if behind_desk else 21
            first = top + (21 - rows) * ROW_PITCH
            left = left_edge + column * (block_width + aisle)
            zone_id = f"B{rank * columns + column + 1}"
            zone = SeatedZone(
                zone_id,
                sector_name(zone_id, "Floor", "พื้นสนาม"),
                "floor-a" if rank == 0 else "floor-b",
                rectangle(left, first - 0.5, left + block_width, first + rows * ROW_PITCH - 0.2),
            )
            for n in range(rows):
                y = first + n * ROW_PITCH
                seats = []
                for chair in range(seats_in_row):
                    x = left + SEAT_PITCH / 2 + chair * SEAT_PITCH
                    hidden = behind_desk and n < 2 and abs(x - AXIS) < 6
                    seats.append(Seat(x, y, "r", "restricted") if hidden else Seat(x, y))
                zone.rows.append(Row(str(n + 1), seats))
            zones.append(zone)
    return zones


def fit_to_capacity(zones):
    """Takes surplus chairs off the back rows of the upper tier, a pair from each in turn, at the
    aisles, where the real stand has its stairs' heads."""
    surplus = sum(zone.count() for zone in zones) - CAPACITY
    assert surplus >= 0, f"{-surplus} places too few"
    upper = [zone for zone in zones if zone.id.startswith("D")]
    turn = 0
    while surplus > 0:
        row = upper[turn % len(upper)].rows[-1 - turn // len(upper) % 3]
        row.seats.pop()
        if surplus > 1:
            row.seats.pop(0)
        surplus -= min(surplus, 2)
        turn += 1
    assert sum(zone.count() for zone in zones) == CAPACITY


def main():
    zones = standing_pens() + floor_blocks() + lower_tier() + upper_tier()
    print("before fitting:", sum(zone.count() for zone in zones))
    fit_to_capacity(zones)
    assert max(len(row.seats) for zone in zones if hasattr(zone, "rows") for row in zone.rows) <= 64
    runway = [
        (AXIS - 30, 20), (AXIS + 30, 20), (AXIS + 30, STAGE_FRONT), (AXIS + 2.5, STAGE_FRONT),
        (AXIS + 2.5, 70), (AXIS + 6, 70), (AXIS + 6, 79), (AXIS - 6, 79), (AXIS - 6, 70),
        (AXIS - 2.5, 70), (AXIS - 2.5, STAGE_FRONT), (AXIS - 30, STAGE_FRONT),
    ]
    write_venue(
        pathlib.Path(__file__).with_name("rajamangala.json"),
        "Rajamangala National Stadium, Bangkok",
        WIDTH,
        HEIGHT,
        {"x": STAGE_EYE[0], "y": STAGE_EYE[1], "outline": points(runway)},
        [{"id": i, "name": {"en": en, "th": th}, "color": c} for i, en, th, c in CATEGORIES],
        zones,
    )
    for prefix in "ABCD":
        chosen = [zone for zone in zones if zone.id.startswith(prefix)]
        print(prefix, len(chosen), "zones", sum(zone.count() for zone in chosen), "places")


if __name__ == "__main__":
    main()
