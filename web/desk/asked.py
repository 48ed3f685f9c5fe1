"""What is asked of the trends: days, a channel and a team, as they stand in the address."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from fastapi import Request

from core.errors import Invalid
from core.vocabulary import Report
from web.desk.frame import Here

USUAL = timedelta(days=27)


@dataclass(frozen=True)
class Asked:
    """Both days are whole days in UTC, and belong to the span."""

    since: date
    until: date
    channel: str | None
    team: int | None

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """From the address; the last four weeks where it says nothing. Raises `Invalid`."""
        said = request.query_params
        until = _day(said.get("until")) or datetime.now(UTC).date()
        team = said.get("team") or ""
        if team and not (team.isascii() and team.isdigit() and len(team) < 10):
            raise Invalid("A team is chosen by its number.")
        return cls(
            _day(said.get("since")) or until - USUAL,
            until,
            said.get("channel") or None,
            int(team) if team else None,
        )

    async def report(self, here: Here) -> Report:
        """The desk's answer. Raises as `desk.report` does."""
        return await here.desk.report(
            here.who, self.since, self.until, channel=self.channel, team=self.team
        )

    @property
    def query(self) -> str:
        """The same, as the end of an address."""
        chosen = {"channel": self.channel, "team": self.team}
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return urlencode(days | {name: value for name, value in chosen.items() if value})


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Invalid("A day is written as 2026-01-31.") from None
