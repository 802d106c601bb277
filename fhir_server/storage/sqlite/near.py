"""Positions within a distance: true distance over a sphere, behind a box that the index serves.

Units: degrees and metres; the sphere is that of EARTH_RADIUS.
"""

from __future__ import annotations

import math
import sqlite3

from ..plan import EARTH_RADIUS, Near
from .sql import Sql, both, either

SLACK = 1e-9  # degrees; the box must not lose what rounding puts outside


def distance(latitude: float, longitude: float, lat: float, lon: float) -> float:
    """Metres along the great circle, by the haversine formula."""
    one, other = math.radians(latitude), math.radians(lat)
    half = math.sin((other - one) / 2) ** 2
    across = math.sin(math.radians(lon - longitude) / 2) ** 2
    half += math.cos(one) * math.cos(other) * across
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def add_distance(db: sqlite3.Connection) -> None:
    """Give the connection the function; not every SQLite is built with mathematics."""
    db.create_function("distance", 4, distance, deterministic=True)


def box(near: Near) -> tuple[float, float, list[tuple[float, float]]]:
    """The least and greatest latitude, and ranges of longitude, that hold the whole circle.

    All longitudes where the circle reaches a pole; two ranges where it crosses the antimeridian.
    """
    angle = math.degrees(near.metres / EARTH_RADIUS) + SLACK
    low, high = near.latitude - angle, near.latitude + angle
    if low <= -90 or high >= 90:
        return low, high, [(-180.0, 180.0)]
    # The circle is widest not at its centre but towards the pole.
    ratio = math.sin(math.radians(angle)) / math.cos(math.radians(near.latitude))
    width = math.degrees(math.asin(min(1.0, ratio))) + SLACK
    west, east = near.longitude - width, near.longitude + width
    if width >= 180:
        return low, high, [(-180.0, 180.0)]
    if west < -180:
        return low, high, [(-180.0, east), (west + 360, 180.0)]
    if east > 180:
        return low, high, [(west, 180.0), (-180.0, east - 360)]
    return low, high, [(west, east)]


def near_tests(near: Near, prefix: str) -> Sql:
    low, high, ranges = box(near)
    latitude, longitude = f"{prefix}latitude", f"{prefix}longitude"
    beside = either([Sql(f"{longitude} BETWEEN ? AND ?", [west, east]) for west, east in ranges])
    centre = [near.latitude, near.longitude]
    true = Sql(f"distance(?, ?, {latitude}, {longitude}) <= ?", [*centre, near.metres])
    return both([Sql(f"{latitude} BETWEEN ? AND ?", [low, high]), beside, true])


def near_set(near: Near, pid: int) -> Sql:
    tests = near_tests(near, "")
    return Sql(f"SELECT rid FROM position WHERE pid = ? AND {tests.text}", [pid, *tests.args])


def near_filter(near: Near, pid: int, rid: str, alias: str) -> Sql:
    tests = near_tests(near, f"+{alias}.")
    return Sql(
        f"EXISTS (SELECT 1 FROM position {alias} WHERE {alias}.rid = {rid}"
        f" AND {alias}.pid = ? AND {tests.text})",
        [pid, *tests.args],
    )
