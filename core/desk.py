"""The desk: one typed line for each thing that anybody can do with it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from core import posts, views
from core.channels import Address, Channel, IncomingMessage, Who
from core.delivery import ledger, promise_notices, telling, webhooks
from core.delivery.courier import Courier
from core.delivery.fetcher import Fetcher
from core.door import Clock, Door, question, use_case, utc_now
from core.errors import NotFound
from core.escalation import climbing
from core.escalation import keeping as keeping_escalations
from core.model import Order, Return, Role
from core.people import (
    availability,
    exporting,
    finding_customers,
    forgetting,
    invitations,
    keeping_customers,
    keys,
    linking,
    looking,
    oncall,
    presence,
    profiles,
    repeats,
    roster,
    shifts,
    signing_in,
    teams,
    visitors,
)
from core.people.forgetting import Forgotten
from core.reports import digest, figures, standing
from core.reports import sweeping as tallying
from core.routing import challenging
from core.sla import hours, promising, shipped, sweeping
from core.storage.database import Database
from core.tickets import (
    attaching,
    bulk,
    challenger,
    changes,
    conversation,
    correcting,
    deciding,
    enquiries,
    export,
    fields,
    filling,
    heard,
    holding,
    intake,
    kinds,
    learning,
    lease,
    lifecycle,
    line,
    links,
    listing,
    macros,
    merging,
    moving,
    on_behalf,
    orders,
    pages,
    passing_on,
    past,
    policies,
    promised,
    proofs,
    reading,
    returns,
    rule_sets,
    rules,
    saving,
    snoozing,
    splitting,
    stuck,
    surveys,
    tagging,
    transcribing,
    trying,
    using,
    watching,
)
from core.tickets.live_orders import LiveOrders, OrderSource, ShopDoesNotAnswer
from core.tickets.outcome import Received
from core.tickets.proofs import Begun
from core.tickets.returns import Returnable
from core.tickets.returns import Wanted as ReturnWanted
from core.views import Condition
from core.work import House

R = TypeVar("R")

WEBHOOK = webhooks.NAME

EVENLY = timedelta(seconds=0.3)  # longer than either way of `prove_order` takes


class Desk(Door):
    """The support desk. Everything that anybody can do with it is a line here."""

    # what customers write
    _receive = use_case(intake.receive)
    ask = use_case(intake.ask)
    overhear = use_case(intake.overhear)
    solve_enquiry = use_case(enquiries.solve)
    hand_over = use_case(enquiries.hand_over)
    look_up_enquiry = use_case(enquiries.look_up)
    opine = use_case(pages.opine)
    tickets_at = question(pages.tickets_at)
    confirm = use_case(lifecycle.confirm)
    rate = use_case(surveys.rate)
    comment_rating = use_case(surveys.comment)
    move_ticket = use_case(moving.move)
    link_code = use_case(linking.link_code)
    use_link_code = use_case(linking.use_code)

    # what anybody does to what was said
    message_edited = use_case(changes.edited)
    message_deleted = use_case(changes.deleted)
    reacted = use_case(changes.reacted)

    # what agents do with tickets
    open_ticket = use_case(on_behalf.open_ticket)
    claim = use_case(lifecycle.claim)
    release = use_case(lifecycle.release)
    transfer = use_case(passing_on.transfer)
    escalate = use_case(passing_on.escalate)
    calm = use_case(keeping_escalations.calm)
    set_ladder = use_case(keeping_escalations.set_ladder)
    reset_ladder = use_case(keeping_escalations.reset_ladder)
    set_priority = use_case(lifecycle.set_priority)
    tag = use_case(tagging.tag)
    propose_bulk = use_case(bulk.propose)
    do_bulk = use_case(bulk.do)
    undo_bulk = use_case(bulk.undo)
    save_view = use_case(saving.save)
    remove_view = use_case(saving.remove)
    set_category = use_case(tagging.set_category)
    set_kind = use_case(kinds.set_kind)
    set_field = use_case(filling.set_field)
    set_language = use_case(correcting.set_language)
    set_complexity = use_case(correcting.set_complexity)
    use_macro = use_case(using.use)
    reply = use_case(conversation.reply)
    note = use_case(conversation.note)
    hear = use_case(conversation.hear)
    correct = use_case(conversation.correct)
    unsend = use_case(conversation.unsend)
    resolve = use_case(links.resolve)
    reopen = use_case(lifecycle.reopen)
    hold = use_case(holding.hold)
    unhold = use_case(holding.unhold)
    snooze = use_case(snoozing.snooze)
    wake = use_case(snoozing.wake)
    merge = use_case(merging.merge)
    unmerge = use_case(merging.unmerge)
    split = use_case(splitting.split)
    unsplit = use_case(splitting.unsplit)
    link_tickets = use_case(links.link)
    make_child = use_case(links.make_child)
    unlink_tickets = use_case(links.unlink)
    watch = use_case(watching.watch)
    unwatch = use_case(watching.unwatch)
    watchers = question(watching.watchers)
    ask_transcript = use_case(transcribing.ask_transcript)
    transcript = question(transcribing.transcript)

    # what was bought, and comes back
    take_in_orders = use_case(orders.take_in)
    keep_orders = use_case(orders.keep)
    compare_orders = question(orders.compare)
    _request_return = use_case(returns.request_return)
    _request_return_for = use_case(on_behalf.request_return)
    accept_return = use_case(deciding.accept)
    ask_of_return = use_case(deciding.ask)
    refuse_return = use_case(deciding.refuse)
    receive_return = use_case(deciding.receive)
    refund_return = use_case(deciding.refund)
    _returnable = question(returns.returnable)
    returns_of = question(returns.returns_of)
    _find_order = question(orders.order)
    latest_orders = question(orders.orders)
    _prove_order = use_case(proofs.begin)
    use_order_code = use_case(proofs.use_code)
    forget_codes = use_case(proofs.tidy)

    # rules for new tickets
    add_rule = use_case(rules.add)
    edit_rule = use_case(rules.edit)
    move_rule = use_case(rules.move)
    remove_rule = use_case(rules.remove)
    switch_rule = use_case(rules.switch)
    take_in_rules = use_case(rule_sets.take_in)
    compare_rules = question(rule_sets.compare)
    whole_rules = question(rule_sets.whole)
    try_rule = question(trying.try_on)
    rule = question(rules.rule)
    rules = question(rules.rules)

    # people
    add_agent = use_case(roster.add)
    edit_agent = use_case(roster.edit)
    remove_agent = use_case(roster.remove)
    teams = question(teams.teams)
    set_availability = use_case(availability.set_availability)
    set_hours = use_case(shifts.set_hours)
    set_away = use_case(shifts.set_away)
    set_hand_back = use_case(shifts.set_hand_back)
    set_rota = use_case(oncall.set_rota)
    cover = use_case(oncall.cover)
    swap_turns = use_case(oncall.swap)
    remove_cover = use_case(oncall.remove)
    on_call = question(oncall.on_call)
    say_here = use_case(presence.here)
    _seen = use_case(presence.seen)
    link_customers = use_case(linking.link)
    customer = question(profiles.profile)
    customers = question(finding_customers.customers)
    edit_customer = use_case(keeping_customers.edit)
    note_customer = use_case(keeping_customers.note)
    block_customer = use_case(keeping_customers.block)
    unblock_customer = use_case(keeping_customers.unblock)
    customer_data = question(exporting.customer_data)
    _forget = use_case(forgetting.forget)
    invite_admin = use_case(invitations.invite_admin)
    invite_self = use_case(invitations.invite_self)
    join = use_case(invitations.join)
    _welcome = use_case(invitations.welcome)

    # coming in by the site
    sign_in_link = use_case(signing_in.sign_in_link)
    whose_link = question(signing_in.whose_link)
    sign_in = use_case(signing_in.sign_in)
    visit = question(signing_in.visit)
    stay = use_case(signing_in.stay)
    sessions = question(signing_in.sessions)
    end_session = use_case(signing_in.end_session)
    come = use_case(visitors.come)
    guest = question(visitors.guest)
    seen = use_case(visitors.seen)
    introduce = use_case(visitors.introduce)
    make_key = use_case(keys.make_key)
    api_keys = question(keys.keys)
    end_key = use_case(keys.end_key)
    program = question(keys.program)
    key_used = use_case(keys.key_used)
    begin_repeatable = use_case(repeats.begin)
    end_repeatable = use_case(repeats.end)

    # what tickets are made of
    ticket_kinds = question(kinds.kinds)
    add_kind = use_case(kinds.add)
    edit_kind = use_case(kinds.edit)
    remove_kind = use_case(kinds.remove)
    ticket_fields = question(fields.fields)
    asked_for = question(fields.form)
    add_field = use_case(fields.add)
    edit_field = use_case(fields.edit)
    remove_field = use_case(fields.remove)

    # how routing weighs
    routing_policies = question(policies.policies)
    routing_policy = question(policies.policy)
    set_routing = use_case(policies.set_knob)
    reset_routing = use_case(policies.reset)
    routing_report = question(challenger.report)
    switch_challenger = use_case(challenger.switch)
    study_routing = use_case(challenging.study)

    # promises of times
    sla_policies = question(promising.listed)
    add_policy = use_case(promising.add)
    edit_policy = use_case(promising.edit)
    remove_policy = use_case(promising.remove)
    business_hours = question(hours.listed)
    add_hours = use_case(hours.add)
    edit_hours = use_case(hours.edit)
    remove_hours = use_case(hours.remove)
    clocks = question(promised.clocks)
    why_promised = question(promised.why)
    attainment = question(promised.attainment)
    promises_in_danger = question(promised.in_danger)

    # what agents say again and again
    known_macros = question(macros.macros)
    macro = question(macros.show)
    macro_words = question(using.preview)
    add_macro = use_case(macros.add)
    edit_macro = use_case(macros.edit)
    remove_macro = use_case(macros.remove)
    translate_macro = use_case(macros.translate)

    # figures
    report = question(figures.report)
    lately = question(figures.lately)
    standing = question(standing.standing)
    rebuild_reports = use_case(tallying.rebuild)

    # deliveries
    resend = use_case(ledger.resend)
    add_webhook = use_case(webhooks.add)
    pause_webhook = use_case(webhooks.pause)
    resume_webhook = use_case(webhooks.resume)
    remove_webhook = use_case(webhooks.remove)
    test_webhook = use_case(webhooks.test)
    resend_to_webhook = use_case(webhooks.resend)
    webhook_deliveries = question(webhooks.deliveries)
    webhook_receiver = question(webhooks.receiver)
    webhooks = question(webhooks.webhooks)

    # sweeps
    keep_hours = use_case(availability.keep_hours)
    watch_presence = use_case(presence.watch)
    _climb = use_case(climbing.climb)
    _tell_escalations = use_case(climbing.tell)
    assign_due = use_case(lifecycle.assign_due)
    alarm_stuck = use_case(stuck.alarm)
    wake_due = use_case(snoozing.wake_due)
    take_back_unanswered = use_case(lease.take_back_unanswered)
    close_resolved = use_case(lifecycle.close_resolved)
    close_silent = use_case(enquiries.close_silent)
    ship_promises = use_case(shipped.ship)
    sweep_promises = use_case(sweeping.sweep)
    forget_repeats = use_case(repeats.forget_repeats)
    tell_webhooks = use_case(telling.tell)
    tell_of_promises = use_case(promise_notices.tell)
    tally = use_case(tallying.tally)
    post_digest = use_case(digest.post)

    # learning from resolved tickets
    exercise = question(learning.exercise)
    newest_lesson = question(learning.newest_lesson)
    keep_lesson = use_case(learning.keep_lesson)

    # looking
    tickets = question(listing.tickets)
    ticket = question(views.ticket)
    messages = question(views.messages)
    conversation = question(reading.read)
    tags = question(views.tags)
    ticket_past = question(past.past)
    export_tickets = question(export.page)
    saved_view = question(saving.view)
    saved_views = question(saving.views)
    ticket_discussed_at = question(views.ticket_discussed_at)
    ticket_of_post = question(views.ticket_of_post)
    escalated = question(views.escalated)
    escalations = question(keeping_escalations.escalated)
    ladders = question(keeping_escalations.show)
    satisfaction = question(surveys.satisfaction)
    week = question(views.week)
    newest_event = question(views.newest_event)
    happened = question(views.happened)
    why = question(views.why)
    queue = question(line.line)
    agents = question(views.agents)
    routing_past = question(views.routing_past)
    agent = question(looking.agent)
    stuck = question(looking.stuck)
    open_enquiry = question(views.open_enquiry)
    whoever = question(views.whoever)
    reader = question(views.reader)
    unsent = question(views.unsent)
    said_at = question(posts.said_at)
    file = question(attaching.kept)
    heard_last = question(heard.heard_last)
    pulse = question(posts.pulse)
    deflection = question(views.deflection)
    code_is_good = question(views.code_is_good)
    any_admin = question(views.any_admin)
    _condition = question(views.condition)

    def __init__(
        self,
        database: Database,
        house: House | None = None,
        *,
        channels: Mapping[str, Channel] | None = None,
        clock: Clock = utc_now,
        order_source: OrderSource | None = None,
    ) -> None:
        super().__init__(database, house, clock=clock)
        self.live_orders = LiveOrders(order_source, self.transact, self.compare_orders, clock)
        self._welcomed: set[Who] = set()
        self.courier = Courier(self.transact, self.looking, channels or {})
        self.when_owing(self.courier.wake)
        self.fetcher = Fetcher(
            self.transact, self.looking, self.courier.channels, self.house, self.courier.wake
        )
        self.when_owing(self.fetcher.wake)

    async def receive(self, incoming: IncomingMessage) -> Received:
        """Take in what was written to the bot; an order that it names is looked up before."""
        await self.live_orders.fetch_meant(incoming.text)
        return await self._receive(incoming)

    async def returnable(self, by: Who, number: str) -> Returnable:
        """What of their order a customer can return now. Raises as `returns.returnable` does, and
        `ShopDoesNotAnswer`."""
        return await self._looked_up(by, number, lambda: self._returnable(by, number))

    async def request_return(
        self, by: Who, number: str, wanted: ReturnWanted, at: Address | None = None
    ) -> Return:
        """Ask to send parts of an order back. Raises as `returns.request_return` does, and
        `ShopDoesNotAnswer`."""
        asked = lambda: self._request_return(by, number, wanted, at)  # noqa: E731
        return await self._looked_up(by, number, asked)

    async def request_return_for(
        self, by: Who, whom: Who, number: str, wanted: ReturnWanted, at: Address | None = None
    ) -> Return:
        """Ask for a return as a customer of theirs would, for staff. Raises as `request_return`."""
        asked = lambda: self._request_return_for(by, whom, number, wanted, at)  # noqa: E731
        return await self._looked_up(by, number, asked)

    async def find_order(self, by: Who, number: str) -> Order:
        """An order: any for staff, their own for customers. Raises `NotFound`,
        `ShopDoesNotAnswer`."""
        return await self._looked_up(by, number, lambda: self._find_order(by, number))

    async def prove_order(
        self, by: Who, number: str, email: str, at: Address | None = None
    ) -> Begun:
        """Somebody says which address an order was placed with. Whatever is found, the answer is the
        same and comes after the same time. Raises `BadAddress`."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + EVENLY.total_seconds()
        try:
            return await self._prove_order(by, number, email, at)
        finally:
            await asyncio.sleep(max(0, ends - loop.time()))

    async def _looked_up(self, by: Who, number: str, look: Callable[[], Awaitable[R]]) -> R:
        """Look at an order as the shop has it now, or as it was known where the shop is silent."""
        why = await self.live_orders.fetch(number)
        try:
            return await look()
        except NotFound as unknown:
            if not why:
                raise
            is_staff = (await self.whoever(by)).role is not Role.CUSTOMER
            raise ShopDoesNotAnswer(number, why if is_staff else None) from unknown

    async def forget_customer(self, by: Who, meant: str) -> Forgotten:
        """Erase a customer: the rows in one transaction, then the contents of their files. Broken
        off in between, it does the rest when it is asked for again."""
        forgotten = await self._forget(by, meant)
        for file_id in forgotten.files:
            await self.house.files.forget(file_id)
        return forgotten

    async def condition(self) -> Condition:
        """Whether the database answers, and how late the deliveries of this process are, but for
        those to programs elsewhere: that one of them is out of order is no fault of ours."""
        return await self._condition([each for each in self.courier.serves if each != WEBHOOK])

    async def escalate_due(self) -> int:
        """Take every step of an escalation that is due, a few in each transaction, and tell each
        receiver of all of it in one message; how many steps ended."""
        ended = 0
        while count := await self._climb():
            ended += count
        await self._tell_escalations()
        return ended

    async def notice(self, who: Who) -> None:
        """Whoever did something is there, where the desk looks at that."""
        if self.house.policy.presence:
            await self._seen(who)

    def names_as_admin(self, who: Who) -> bool:
        """Whether the settings name somebody as admin whom this process has not welcomed yet."""
        return who not in self._welcomed and invitations.named_as_admin(self.house, who)

    async def welcome(self, who: Who) -> None:
        """Make somebody admin whom the settings name as one."""
        await self._welcome(who)
        self._welcomed.add(who)
