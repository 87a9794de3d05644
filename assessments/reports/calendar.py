"""The plan as an iCalendar file (RFC 5545)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from assessments.reports.plan_page import PlanPage, PlanWeek, Task


def plan_calendar(page: PlanPage, *, uid: str, made_at: datetime) -> bytes:
    """One all-day entry a week, with the week's steps; `uid` makes it the same on each import."""
    calendar = Calendar()
    calendar.add("prodid", "-//RoleAssess//study plan//EN")
    calendar.add("version", "2.0")
    for week in page.weeks:
        calendar.add_component(_entry(week, uid, made_at))
    content: bytes = calendar.to_ical()
    return content


def _entry(week: PlanWeek, uid: str, made_at: datetime) -> Event:
    entry = Event()
    entry.add("uid", f"{uid}-week-{week.number}")
    entry.add("dtstamp", made_at)
    entry.add("dtstart", week.starts)
    entry.add("dtend", week.starts + timedelta(days=7))
    title = _("Study plan, week %(number)d: %(hours)d h")
    entry.add("summary", title % {"number": week.number, "hours": week.hours})
    recall = [_("Say again from memory: %(title)s") % {"title": title} for title in week.recall]
    entry.add("description", "\n".join([*map(_line, week.tasks), *recall]))
    entry.add("transp", "TRANSPARENT")
    return entry


def _line(task: Task) -> str:
    line = f"{task.hours} h  {task.heading}."
    return f"{line} {task.done_when}" if task.has_box else line
