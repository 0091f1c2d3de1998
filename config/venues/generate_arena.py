#!/usr/bin/env python3
"""Makes arena-5000.json: an indoor arena of exactly 5,000 places, for load tests.

One standing pen, four blocks on the floor, a stand on each side and one at the end, all straight.
Units are metres; the stage is at the top.

Python's standard library only:  python3 config/venues/generate_arena.py
"""

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

WIDTH, HEIGHT = 76, 66
CATEGORIES = [
    ("standing", "Standing", "บัตรยืน", "#f72585"),
    ("floor", "Floor", "พื้นที่หน้าเวที", "#f3722c"),
    ("side", "Side stands", "อัฒจันทร์ด้านข้าง", "#2a9d8f"),
    ("end", "End stand", "อัฒจันทร์ด้านหลัง", "#277da1"),
]


def block(zone_id, name, category, corner, along, back, seats_in_row, rows):
    """Rows of chairs from `corner`: `along` is the way a row runs, `back` the way rows follow."""

    def at(chair, row):
        return (
            corner[0] + along[0] * chair * SEAT_PITCH + back[0] * row * ROW_PITCH,
            corner[1] + along[1] * chair * SEAT_PITCH + back[1] * row * ROW_PITCH,
        )

    edges = (-0.5, seats_in_row - 0.5), (-0.45, rows - 0.55)
    zone = SeatedZone(
        zone_id,
        {"en": f"{name[0]} {zone_id}", "th": f"{name[1]} {zone_id}"},
        category,
        [at(edges[0][i], edges[1][j]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))],
    )
    for row in range(rows):
        chairs = [Seat(*at(chair, row)) for chair in range(seats_in_row)]
        zone.rows.append(Row(str(row + 1), chairs))
    return zone


def main():
    east, west, south, north = (1, 0), (-1, 0), (0, 1), (0, -1)
    pen = {"en": "Standing (S1)", "th": "บัตรยืน (S1)"}
    zones = [StandingZone("S1", pen, "standing", rectangle(26, 11, 50, 25), 1000)]
    floor = ("Floor", "พื้นที่หน้าเวที")
    for n, corner in enumerate(((21.25, 28), (39.25, 28), (21.25, 43), (39.25, 43))):
        zones.append(block(f"F{n + 1}", floor, "floor", corner, east, south, 32, 15))
    side = ("Side stand", "อัฒจันทร์ด้านข้าง")
    for n, top in enumerate((12, 27.5, 43)):
        zones.append(block(f"L{n + 1}", side, "side", (15, top), south, west, 26, 12))
    for n, bottom in enumerate((55.5, 40, 24.5)):
        zones.append(block(f"R{n + 1}", side, "side", (61, bottom), north, east, 26, 12))
    zones.append(block("E1", ("End stand", "อัฒจันทร์ด้านหลัง"), "end", (31.75, 58), east, south, 26, 8))
    count = sum(zone.count() for zone in zones)
    assert count == 5_000, count
    write_venue(
        pathlib.Path(__file__).with_name("arena-5000.json"),
        "Riverside Arena",
        WIDTH,
        HEIGHT,
        {"x": 38, "y": 9, "outline": points(rectangle(24, 2, 52, 10))},
        [{"id": i, "name": {"en": en, "th": th}, "color": c} for i, en, th, c in CATEGORIES],
        zones,
    )


if __name__ == "__main__":
    main()
