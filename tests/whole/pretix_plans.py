"""Makes seating plans in pretix's format: a stadium of 738 seats round a stage, clean or with the
faults that public files have. Everything here is worked out, nothing is taken from a file."""

import json

SEAT_STEP = 25  # units from seat to seat
ROW_STEP = 35
STAGE = (900, 80)

# Zone, its corner, rows, seats of each row, the category's name. 738 seats in all.
STANDS = (
    ("North stand", (500, 200), 9, 30, "Main Stand"),
    ("South stand", (500, 900), 8, 30, "Main Stand"),
    ("West stand", (100, 250), 12, 10, "Side"),
    ("East stand", (1500, 250), 10, 10, "Side"),
    ("", (700, 640), 1, 8, "Box / VIP"),
)
SEATS = 738
DISTINCT_GUIDS = 318


def rectangle(x, y, width, height, rotation=0):
    return {"shape": "rectangle", "color": "#cccccc", "border_color": "#000000", "rotation": rotation,
            "position": {"x": x, "y": y}, "rectangle": {"width": width, "height": height},
            "text": {"text": "", "position": {"x": 0, "y": 0}, "color": "#333333"}}


def text(words, x, y):
    return {"shape": "text", "color": "#333333", "border_color": "#333333", "rotation": 0,
            "position": {"x": x, "y": y}, "text": {"text": words, "color": "#333333", "size": 24}}


def stand(name, corner, rows, seats, category):
    """One zone; its seats bend a little round the stage, and an aisle parts each long row."""
    aisle = seats // 2
    made = []
    for row in range(rows):
        line = []
        for seat in range(seats):
            bend = 0.02 * (seat - seats / 2) ** 2
            line.append({"seat_guid": f"{name or 'Boxes'}-{row + 1}-{seat + 1}",
                         "seat_number": str(seat + 1), "uuid": f"u-{corner[0]}-{row}-{seat}",
                         "position": {"x": seat * SEAT_STEP + (40 if seats > 20 and seat >= aisle else 0),
                                      "y": round(bend, 1)},
                         "category": category, "radius": 10, "start_direction": None})
        made.append({"row_number": str(row + 1), "uuid": f"r-{corner[0]}-{row}",
                     "row_number_position": "both", "position": {"x": 0, "y": row * ROW_STEP},
                     "seats": line})
    zone = {"position": {"x": corner[0], "y": corner[1]}, "rows": made, "uuid": f"z-{corner[0]}",
            "areas": [rectangle(-20, -20, seats * SEAT_STEP + 60, rows * ROW_STEP + 25)]}
    if name:
        zone.update(name=name, zone_id=name.replace(" ", "-").lower())
    return zone


def clean():
    zones = [stand(*one) for one in STANDS]
    zones.append({"name": "Stage", "position": {"x": 700, "y": 20}, "rows": [],
                  "areas": [rectangle(0, 0, 400, 120), text("STAGE", 200, 60)]})
    return {"name": "A stadium", "categories": [{"name": "Main Stand", "color": "#277da1"},
                                                {"name": "Side", "color": "red"},
                                                {"name": "Box / VIP", "color": "#f0a"}],
            "zones": zones, "size": {"width": 1800, "height": 1300}}


def seats_of(plan):
    return [seat for zone in plan["zones"] for row in zone["rows"] for seat in row["seats"]]


def with_repeated_guids():
    """Guids begin anew in parts of the plan, as where stands were copied in an editor."""
    plan = clean()
    for n, seat in enumerate(seats_of(plan)):
        seat["seat_guid"] = f"guid-{n % DISTINCT_GUIDS}"
    return plan


def as_found():
    """Clean, with the keys that files from elsewhere and from earlier have."""
    plan = clean()
    del plan["size"]
    for zone in plan["zones"]:
        zone["displayed"] = True
        for row in zone["rows"]:
            row.update(number_of_seats=len(row["seats"]), seats_spacing=SEAT_STEP, section_break=False,
                       segment_breaks=[], seat_label="Seat %s", row_label="Row %s")
            for seat in row["seats"]:
                seat["status"] = "available"
    return plan


def large(seats, in_row=50, rows_in_zone=100):
    """A plan of any size, dull and clean."""
    zones, made = [], 0
    while made < seats:
        zone = {"name": f"Z{len(zones)}", "rows": [],
                "position": {"x": len(zones) % 8 * 1400, "y": len(zones) // 8 * 3600}}
        while made < seats and len(zone["rows"]) < rows_in_zone:
            count = min(in_row, seats - made)
            row = len(zone["rows"])
            zone["rows"].append(
                {"row_number": str(row), "position": {"x": 0, "y": row * ROW_STEP},
                 "seats": [{"seat_guid": f"s{made + n}", "seat_number": str(n + 1), "category": "A",
                            "position": {"x": n * SEAT_STEP, "y": 0}} for n in range(count)]})
            made += count
        zones.append(zone)
    return {"name": "Large", "categories": [{"name": "A", "color": "#277da1"}], "zones": zones}


def write(path, plan):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(plan, file)
    return path


assert len(seats_of(clean())) == SEATS
