"""The part of the desk that is about agents."""

from core import views
from core.channels import Who
from core.door import Door, question, use_case
from core.people import availability, invitations, looking, oncall, presence, roster, shifts, teams
from core.tickets import keeping_teams


class Agents(Door):
    """Who answers: the roster, and who of them is there."""

    _welcomed: set[Who]

    add_agent = use_case(roster.add)
    edit_agent = use_case(roster.edit)
    remove_agent = use_case(roster.remove)
    agents = question(roster.listed)
    agent = question(looking.agent)

    team = question(teams.team)
    teams = question(teams.teams)
    add_team = use_case(keeping_teams.add)
    rename_team = use_case(keeping_teams.rename)
    remove_team = use_case(keeping_teams.remove)

    set_availability = use_case(availability.set_availability)
    set_hours = use_case(shifts.set_hours)
    set_away = use_case(shifts.set_away)
    set_hand_back = use_case(shifts.set_hand_back)
    keep_hours = use_case(availability.keep_hours)

    set_rota = use_case(oncall.set_rota)
    cover = use_case(oncall.cover)
    swap_turns = use_case(oncall.swap)
    remove_cover = use_case(oncall.remove)
    on_call = question(oncall.on_call)

    say_here = use_case(presence.here)
    _seen = use_case(presence.seen)
    watch_presence = use_case(presence.watch)

    invite_admin = use_case(invitations.invite_admin)
    invite_self = use_case(invitations.invite_self)
    join = use_case(invitations.join)
    code_is_good = question(views.code_is_good)
    any_admin = question(views.any_admin)

    _welcome = use_case(invitations.welcome)

    async def notice(self, who: Who) -> None:
        """Whoever did something is there, where the desk looks at that; whatever became of a ticket
        that this door expects."""
        if self.house.policy.presence:
            await self.expecting_nothing()._seen(who)

    def names_as_admin(self, who: Who) -> bool:
        """Whether the settings name somebody as admin whom this process has not welcomed yet."""
        return who not in self._welcomed and invitations.named_as_admin(self.house, who)

    async def welcome(self, who: Who) -> None:
        """Make somebody admin whom the settings name as one; likewise."""
        await self.expecting_nothing()._welcome(who)
        self._welcomed.add(who)
