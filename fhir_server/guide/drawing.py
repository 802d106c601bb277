"""The state machine as SVG, laid out from its table.

Boxes stand in three columns. A transition is one group with its arrows and one label: straight down
between neighbours of the middle column, straight across to another column, around the boxes in
between on a lane beside them, or a line of text inside a box where the main status stays.

Units: SVG user units, about a pixel each. No style attribute and no script, so that a strict
Content-Security-Policy lets it pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup, escape

from .texts import Text
from .workflow import ANY, NEW, NONE_YET, Status, Transition, Workflow

LEFT, MIDDLE, RIGHT = (16, 200), (480, 800), (1080, 1264)  # (x, x) of the columns
SPAN = {"left": LEFT, "middle": MIDDLE, "right": RIGHT}
WIDTH, TOP = 1280, 66
HEAD, LINE, SLOT, GAP, LANE = 46, 24, 46, 64, 26
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Zen Hei'"
COLORS = {"sender": "#1d4f91", "receiver": "#0b6e4f", "center": "#8a4b00", "office": "#6b2f7a",
          "system": "#4a4a4a", "admin": "#8f1d2c"}  # fmt: skip
INK, FAINT, DONE, OPEN = "#1c1c1c", "#5c5c5c", "#f0efe9", "#e8f3ee"


@dataclass
class Box:
    status: Status
    top: float = 0
    bottom: float = 0
    inner: list[tuple[str, Transition]] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def x(self) -> tuple[int, int]:
        return SPAN[self.status.column]


@dataclass(frozen=True)
class Arrow:
    """One arrow from a box of the middle column, or to it. `kind`: down, across or lane."""

    transition: Transition
    source: str
    target: str
    kind: str


class Drawing:
    """Lays out once; `svg` is the result."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.boxes = {code: Box(s) for code, s in workflow.statuses.items()}
        self.arrows: list[Arrow] = []
        for each in workflow.transitions:
            self._sort(each)
        self._slots: dict[tuple[int, str], list[tuple[Arrow, bool]]] = {}
        self._heights()
        self.height = max(b.bottom for b in self.boxes.values()) + 20

    def _sort(self, each: Transition) -> None:
        if each.target == NEW:
            for code in each.sources:
                self.boxes[code].inner.append(("↪", each))
            return
        if ANY in each.sources:
            self.boxes[each.target].inner.append(("⇢", each))
            return
        for source in each.sources:
            if source == each.target:
                self.boxes[source].inner.append(("↻", each))
            else:
                self.arrows.append(Arrow(each, source, each.target, self._kind(source, each)))

    def _kind(self, source: str, each: Transition) -> str:
        if source == NONE_YET:
            return "down"
        one, other = self.boxes[source].status, self.boxes[each.target].status
        if one.column != other.column:
            return "across"
        return "down" if other.rows[0] - one.rows[1] == 1 else "lane"

    # ── layout ──

    def _side(self, arrow: Arrow, code: str) -> tuple[int, str]:
        """The row and side at which an arrow meets a box of the middle column."""
        if arrow.kind == "lane":
            return self.boxes[code].status.rows[0], "right"
        ends = (arrow.source, arrow.target)
        inside = next(c for c in ends if self.boxes[c].status.column == "middle")
        outside = next(c for c in ends if c != inside)
        return self.boxes[inside].status.rows[0], self.boxes[outside].status.column

    def _heights(self) -> None:
        for arrow in self.arrows:
            if arrow.kind == "across":
                self._slots.setdefault(self._side(arrow, arrow.source), []).append((arrow, True))
            elif arrow.kind == "lane":
                for code, leaves in ((arrow.source, True), (arrow.target, False)):
                    self._slots.setdefault(self._side(arrow, code), []).append((arrow, leaves))
        for (_, side), slots in self._slots.items():
            slots.sort(key=lambda s: self._rank(s, side))
        y: float = TOP
        rows = sorted({r for b in self.boxes.values() for r in b.status.rows})
        for row in rows:
            height = self._row_height(row)
            for box in self.boxes.values():
                if box.status.rows[0] == row:
                    box.top = y
                if box.status.rows[1] == row:
                    box.bottom = y + height
            y += height + GAP
        for code, box in self.boxes.items():
            if box.status.column != "middle" and box.status.rows[0] == box.status.rows[1]:
                self._fit(code, box)

    def _rank(self, slot: tuple[Arrow, bool], side: str) -> tuple[int, int]:
        """Arrivals on a lane first, departures on one last, else in the order of the other box."""
        arrow, leaves = slot
        if arrow.kind == "lane":
            return (2, 0) if leaves else (0, 0)
        order = list(self.boxes)
        outside = next(
            c for c in (arrow.source, arrow.target) if self.boxes[c].status.column == side
        )
        return 1, order.index(outside)

    def _row_height(self, row: int) -> float:
        inner = [
            HEAD + LINE * len(b.inner) + (8 if b.inner else 0)
            for b in self.boxes.values() if b.status.rows == (row, row)
        ]  # fmt: skip
        sides = [SLOT * len(self._slots.get((row, side), ())) for side in ("left", "right")]
        return max([*inner, *sides])

    def _fit(self, code: str, box: Box) -> None:
        """A box beside others in one row is as high as its arrows ask for."""
        ys = [
            self._slot_y(a, a.source if code == a.target else a.target)
            for a in self.arrows
            if a.kind == "across" and code in (a.source, a.target)
        ]
        if ys:
            need = HEAD + LINE * len(box.inner) - 2
            box.top, box.bottom = min(ys) - SLOT / 2 + 3, max(ys) + SLOT / 2 - 3
            box.bottom = max(box.bottom, box.top + need)

    def _slot_y(self, arrow: Arrow, code: str) -> float:
        slots = self._slots[self._side(arrow, code)]
        index = next(
            i for i, (a, leaves) in enumerate(slots)
            if a is arrow and (arrow.kind != "lane" or leaves == (code == arrow.source))
        )  # fmt: skip
        box = self.boxes[code]
        return box.top + (box.bottom - box.top) * (index + 0.5) / len(slots)

    # ── drawing ──

    def svg(self) -> Markup:
        title = escape(self.workflow.title.both)
        out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height:g}" '
            f'width="{WIDTH}" height="{self.height:g}" role="img" aria-labelledby="drawing-title" '
            f'font-family="{FONT}" font-size="14" fill="{INK}">'
            f'<title id="drawing-title">{title}</title>'
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
            f'markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="{FAINT}"/></marker>'
            f'</defs><rect width="100%" height="100%" fill="#ffffff"/>'
        ]
        out += [self._box(box) for box in self.boxes.values()]
        out += [self._transition(each) for each in self.workflow.transitions]
        return Markup("".join([*out, "</svg>"]))  # noqa: S704 - every text was escaped

    def _box(self, box: Box) -> str:
        x1, x2 = box.x
        fill = DONE if box.status.final else OPEN
        height = box.bottom - box.top
        name = escape(box.status.name.first)  # its code is English enough
        y = box.top + 20 if box.inner or height > 80 else box.middle - 4
        return (
            f'<g data-status="{escape(box.status.code)}">'
            f'<rect x="{x1}" y="{box.top:g}" width="{x2 - x1}" height="{height:g}" rx="8" '
            f'fill="{fill}" stroke="{FAINT}"/>'
            f'<text x="{(x1 + x2) / 2:g}" y="{y:g}" text-anchor="middle" font-weight="700">'
            f'{name}</text><text x="{(x1 + x2) / 2:g}" y="{y + 16:g}" text-anchor="middle" '
            f'font-size="12" fill="{FAINT}" font-family="monospace">'
            f"{escape(box.status.code)}</text></g>"
        )

    def _transition(self, each: Transition) -> str:
        tip = f"{each.id} {each.does.both}"
        out = [f'<g data-transition="{escape(each.id)}"><title>{escape(tip)}</title>']
        arrows = [a for a in self.arrows if a.transition is each]
        # The full label stands at a straight arrow; the others have the number alone.
        best = min(range(len(arrows)), key=lambda i: arrows[i].kind == "lane", default=0)
        for i, arrow in enumerate(arrows):
            out.append(getattr(self, f"_{arrow.kind}")(arrow, i == best))
        out += [
            self._inner(box, row, sign, i == 0)
            for i, (box, row, sign) in enumerate(self._places(each))
        ]
        return "".join([*out, "</g>"])

    def _places(self, each: Transition) -> list[tuple[Box, int, str]]:
        return [
            (box, row, sign)
            for box in self.boxes.values()
            for row, (sign, other) in enumerate(box.inner) if other is each
        ]  # fmt: skip

    def _inner(self, box: Box, row: int, sign: str, first: bool) -> str:
        x1, x2 = box.x
        y = box.top + HEAD + LINE * row + 12
        each = box.inner[row][1]
        words, room = each.does.first, x2 - x1 - 30 - 20 * len(each.who)
        english = first and _width(f"{sign} {each.id} {words} {each.does.en}") < room
        name = _bilingual(each.does) if english else str(escape(words))
        text = (
            f'<text x="{x1 + 10}" y="{y:g}" font-size="13">{sign} <tspan font-weight="700">'
            f"{escape(each.id)}</tspan> {name}</text>"
        )
        return text + self._marks(each, x2 - 10 - 20 * len(each.who), y - 5)

    def _down(self, arrow: Arrow, full: bool) -> str:
        beside = [
            a for a in self.arrows
            if a.kind == "down" and (a.source, a.target) == (arrow.source, arrow.target)
        ]  # fmt: skip
        target = self.boxes[arrow.target]
        x = MIDDLE[0] + (MIDDLE[1] - MIDDLE[0]) * (beside.index(arrow) + 0.5) / len(beside) - 60
        if arrow.source == NONE_YET:
            y1 = target.top - 46
            start = f'<circle cx="{x:g}" cy="{y1:g}" r="7" fill="{INK}"/>'
        else:
            y1, start = self.boxes[arrow.source].bottom, ""
        line = start + _line(f"M{x:g} {y1:g}V{target.top:g}")
        return line + self._label(arrow.transition, x + 9, (y1 + target.top) / 2 - 3, full)

    def _across(self, arrow: Arrow, full: bool) -> str:
        leaves = self.boxes[arrow.source].status.column == "middle"
        inside = arrow.source if leaves else arrow.target
        outside = self.boxes[arrow.target if leaves else arrow.source]
        y = self._slot_y(arrow, inside)
        right = outside.status.column == "right"
        near, far = (MIDDLE[1], RIGHT[0]) if right else (MIDDLE[0], LEFT[1])
        x1, x2 = (near, far) if leaves else (far, near)
        x = near + LANE + 10 if right else far + 14
        return _line(f"M{x1} {y:g}H{x2}") + self._label(arrow.transition, x, y - 6, full)

    def _lane(self, arrow: Arrow, full: bool) -> str:
        y1, y2 = self._slot_y(arrow, arrow.source), self._slot_y(arrow, arrow.target)
        x = MIDDLE[1] + LANE
        line = _line(f"M{MIDDLE[1]} {y1:g}H{x}V{y2:g}H{MIDDLE[1]}")
        return line + self._label(arrow.transition, x + 10, y1 + 2, full)

    def _label(self, each: Transition, x: float, y: float, full: bool) -> str:
        """The number, what happens, and who may do it; English beneath."""
        head = f'<tspan font-weight="700">{escape(each.id)}</tspan>'
        if not full:
            return f'<text x="{x:g}" y="{y:g}" font-size="13" fill="{FAINT}">{head}</text>'
        words = each.does.first
        out = f'<text x="{x:g}" y="{y:g}" font-size="13">{head} {escape(words)}</text>'
        end = x + _width(f"{each.id} {words}") + 8
        if each.does.zh and each.does.en:
            out += (
                f'<text class="en" x="{x:g}" y="{y + 19:g}" font-size="12" fill="{FAINT}">'
                f"{escape(each.does.en)}</text>"
            )
        return out + self._marks(each, end, y - 5)

    def _marks(self, each: Transition, x: float, y: float) -> str:
        out = []
        for i, code in enumerate(each.who):
            who = self.workflow.who[code]
            cx = x + 9 + 20 * i
            out.append(
                f'<g><title>{escape(who.name.both)}</title><circle cx="{cx:g}" cy="{y:g}" r="9" '
                f'fill="{COLORS.get(code, INK)}"/><text x="{cx:g}" y="{y + 4:g}" font-size="11" '
                f'fill="#ffffff" text-anchor="middle">{escape(who.mark)}</text></g>'
            )
        return "".join(out)


def _line(path: str) -> str:
    look = f'fill="none" stroke="{FAINT}" stroke-width="1.5" marker-end="url(#head)"'
    return f'<path d="{path}" {look}/>'


def _bilingual(text: Text) -> str:
    if not (text.zh and text.en):
        return str(escape(text.first))
    english = f'<tspan class="en" fill="{FAINT}" font-size="12">{escape(text.en)}</tspan>'
    return f"{escape(text.zh)} {english}"


def _width(text: str) -> float:
    """About how wide a line of 13 units is."""
    return sum(13.2 if ord(c) > 0x2E80 else 7.4 for c in text)
