"""One believable office for the demonstration, and a year of what its citizens said."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SEED = 2026
DAYS = 365
LEVELS = (1, 2, 3, 4, 5)
UNHAPPY = (1, 2)
GIVES_A_REASON = 0.22
WRITES_WHEN_UNHAPPY, WRITES = 0.15, 0.03


@dataclass(frozen=True, slots=True)
class DeskHabit:
    """How one desk fares: how many rate it on a working day, and how they are served."""

    name: str
    unit: str
    sectors: tuple[str, ...]
    ratings_a_day: float
    good: tuple[float, ...]  # weights of levels 1 to 5 in an ordinary month
    weak_months: frozenset[int] = frozenset()
    weak: tuple[float, ...] = (10, 16, 22, 30, 22)


DESKS = (
    DeskHabit("Quầy 1", "Phòng Hành chính tư pháp", ("HT",), 8, (1, 2, 7, 38, 52)),
    DeskHabit("Quầy 2", "Phòng Hành chính tư pháp", ("QT", "LLTP"), 6, (2, 3, 9, 42, 44)),
    DeskHabit(
        "Quầy 3",
        "Phòng Bổ trợ tư pháp",
        ("CC", "LS"),
        5,
        (3, 6, 14, 43, 34),
        frozenset({3, 4, 5, 9}),
    ),
    DeskHabit("Quầy 4", "Trung tâm Trợ giúp pháp lý", ("TGPL",), 2.5, (1, 2, 6, 36, 55)),
)

SEASON = {1: 0.8, 2: 0.5, 3: 1.3, 4: 1.0, 5: 1.0, 6: 1.2, 7: 1.1, 8: 1.2, 9: 1.0, 10: 1.0}
SEASON |= {11: 1.0, 12: 1.4}

PRAISE = (
    "Cán bộ hướng dẫn tận tình, dễ hiểu.",
    "Làm nhanh hơn giấy hẹn một ngày, cảm ơn.",
    "Chỗ ngồi sạch sẽ, có nước uống.",
    "Bác bảo vệ chỉ chỗ rất nhiệt tình.",
)
BLAME = (
    "Chờ hơn một tiếng mới đến lượt, không ai báo lý do.",
    "Phải về lấy thêm giấy tờ hai lần vì tờ hướng dẫn chưa ghi đủ.",
    "Máy lấy số hỏng, người dân chen nhau.",
    "Thái độ chưa niềm nở, hỏi thì trả lời ngắn gọn.",
    "Giấy hẹn ghi thứ Sáu nhưng thứ Ba tuần sau mới có kết quả.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One citizen's rating, as the seed makes it up."""

    desk: str
    day: date
    level: int
    reasons: str
    remark: str | None


def year_of_ratings(today: date, works_on: frozenset[date], *, reasons: int) -> Iterator[Said]:
    """A year up to yesterday: seasons, weak desks, remarks; the same on every run."""
    dice = random.Random(SEED)  # noqa: S311 -- made-up people, not a secret
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day in works_on:
            for habit in DESKS:
                yield from _day_at(habit, day, reasons, dice)


def _day_at(habit: DeskHabit, day: date, reasons: int, dice: random.Random) -> Iterator[Said]:
    weights = habit.weak if day.month in habit.weak_months else habit.good
    count = round(dice.gauss(habit.ratings_a_day * SEASON[day.month], habit.ratings_a_day / 3))
    for level in dice.choices(LEVELS, weights, k=max(0, count)):
        yield Said(habit.name, day, level, _reasons(reasons, dice), _remark(level, dice))


def _reasons(offered: int, dice: random.Random) -> str:
    return "".join("1" if dice.random() < GIVES_A_REASON else "0" for _ in range(offered))


def _remark(level: int, dice: random.Random) -> str | None:
    unhappy = level in UNHAPPY
    if dice.random() > (WRITES_WHEN_UNHAPPY if unhappy else WRITES):
        return None
    return dice.choice(BLAME if unhappy else PRAISE)
