"""What the venue generators share: a venue in the making, written compactly and always alike.

Python's standard library only. The format is described in docs/venue-format.md.
"""

import json

SEAT_PITCH = 0.5  # metres from chair to chair
ROW_PITCH = 0.85  # metres from row to row


def number(value):
    """A coordinate in metres, to the centimetre, without a needless fraction."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def points(outline):
    return [[number(x), number(y)] for x, y in outline]


def rectangle(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


class Seat:
    """One chair: `flags` of the compact form, `category` where it differs from the zone's."""

    def __init__(self, x, y, flags="", category=None):
        self.x, self.y, self.flags, self.category = x, y, flags, category

    def compact(self, seat_number):
        out = [seat_number, number(self.x), number(self.y)]
        if self.flags or self.category:
            out.append(self.flags)
        if self.category:
            out.append(self.category)
        return out


class Row:
    """Chairs side by side; `breaks` are the counts of chairs before each gap."""

    def __init__(self, label, seats, breaks=()):
        self.label, self.seats, self.breaks = label, seats, list(breaks)

    def text(self):
        out = {"label": self.label}
        if self.breaks:
            out["breaks"] = self.breaks
        out["seats"] = [seat.compact(n + 1) for n, seat in enumerate(self.seats)]
        return compact_json(out)


def compact_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class SeatedZone:
    def __init__(self, zone_id, name, category, outline):
        self.id, self.name, self.category, self.outline = zone_id, name, category, outline
        self.rows = []

    def count(self):
        return sum(len(row.seats) for row in self.rows)

    def text(self):
        head = {
            "id": self.id,
            "name": self.name,
            "kind": "seated",
            "category": self.category,
            "outline": points(self.outline),
        }
        rows = ",\n  ".join(row.text() for row in self.rows)
        return compact_json(head)[:-1] + ',"rows":[\n  ' + rows + "]}"


class StandingZone:
    def __init__(self, zone_id, name, category, outline, capacity):
        self.id, self.name, self.category, self.outline = zone_id, name, category, outline
        self.capacity = capacity

    def count(self):
        return self.capacity

    def text(self):
        return compact_json(
            {
                "id": self.id,
                "name": self.name,
                "kind": "standing",
                "category": self.category,
                "outline": points(self.outline),
                "capacity": self.capacity,
            }
        )


def write_venue(path, name, width, height, stage, categories, zones):
    """Writes the file; a line for each zone and each row, so that a change reads well."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("{\n")
        out.write(f'"name":{compact_json(name)},\n')
        out.write(f'"size":{compact_json({"width": width, "height": height})},\n')
        out.write(f'"stage":{compact_json(stage)},\n')
        out.write('"categories":[\n' + ",\n".join(map(compact_json, categories)) + "],\n")
        out.write('"zones":[\n' + ",\n".join(zone.text() for zone in zones) + "]\n}\n")
