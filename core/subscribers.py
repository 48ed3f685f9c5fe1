"""What follows from each event, in one table; and how it is carried out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert

from core import events, speaking
from core.delivery import (
    availability_notices,
    customer_notices,
    escalation_notices,
    file_notices,
    life_notices,
    mirror,
    queue_notices,
    report_notices,
    return_notices,
    rule_notices,
    staff_notices,
    survey_notices,
    telling,
    to_writers,
    transcripts,
    watch_notices,
)
from core.delivery.about import whom_about
from core.delivery.outgoing import write_owed
from core.escalation import beginning
from core.events import Event, TicketEvent
from core.model import History
from core.routing import records
from core.speaking import Reader
from core.work import Work

Subscriber = Callable[[Work, Any], Awaitable[None]]

SUBSCRIBERS: Mapping[type[Event], tuple[Subscriber, ...]] = {
    events.SmallTalkMade: (customer_notices.make_small_talk,),
    events.ArticlesOffered: (customer_notices.offer_articles,),
    events.EnquirySolved: (customer_notices.end_offer,),
    events.EnquiryWentSilent: (),
    events.ArticleJudged: (),
    events.ArticleWritten: (),
    events.ArticleDemoted: (to_writers.tell_writer,),
    events.ArticlePromoted: (),
    events.PhrasingDecided: (),
    events.StaffWrote: (staff_notices.point_staff_to_buttons,),
    events.TicketOpened: (
        staff_notices.refresh_card,
        staff_notices.show_what_came_before,
        customer_notices.acknowledge,
        beginning.on_angry_words,
    ),
    events.MessageReceived: (
        staff_notices.show_message,
        staff_notices.refresh_moved_card,
        beginning.on_angry_words,
        watch_notices.tell_watchers,
    ),
    events.TicketAssigned: (
        staff_notices.refresh_card,
        staff_notices.tell_assignee,
        customer_notices.say_who_has_it,
        watch_notices.tell_watchers,
        beginning.on_assignment,
    ),
    events.TicketsStuck: (queue_notices.alarm_leads,),
    events.WeekReported: (report_notices.post_week,),
    events.RoutingChanged: (),
    events.TicketReturned: (
        staff_notices.refresh_card,
        staff_notices.tell_former_assignee,
        customer_notices.say_it_waits,
        watch_notices.tell_watchers,
    ),
    events.AgentReplied: (
        customer_notices.pass_on_reply,
        staff_notices.show_reply,
        staff_notices.refresh_card,
        watch_notices.tell_watchers,
    ),
    events.NoteAdded: (
        staff_notices.show_note,
        watch_notices.tell_watchers,
    ),
    events.TicketEscalated: (
        staff_notices.refresh_card,
        staff_notices.show_escalation,
        watch_notices.tell_watchers,
        beginning.on_escalation,
    ),
    events.TierRaised: (),
    events.TeamChanged: (staff_notices.refresh_card,),
    events.TargetWarned: (beginning.on_risk,),
    events.TargetBreached: (beginning.on_breach,),
    events.TargetMet: (),
    events.EscalationStepTaken: (
        staff_notices.refresh_card,
        escalation_notices.show_step,
    ),
    events.EscalationsTold: (escalation_notices.tell_of_escalations,),
    events.TicketCalmed: (
        staff_notices.refresh_card,
        escalation_notices.show_calm,
    ),
    events.LadderSet: (),
    events.BusinessHoursChanged: (),
    events.SlaPolicyChanged: (),
    events.PriorityChanged: (staff_notices.refresh_card,),
    events.TicketTagged: (),
    events.KindChanged: (staff_notices.refresh_card,),
    events.KindDefined: (),
    events.FieldChanged: (staff_notices.refresh_card,),
    events.FieldDefined: (),
    events.LanguageChanged: (),
    events.ComplexityChanged: (),
    events.LessonLearned: (),
    events.RuleApplied: (),
    events.RuleChanged: (),
    events.RuleBroke: (rule_notices.tell_leads_of_rule,),
    events.MacroUsed: (),
    events.MacroWritten: (),
    events.ViewSaved: (),
    events.ViewRemoved: (),
    events.BulkDone: (),
    events.BulkUndone: (),
    events.CategoryChanged: (staff_notices.refresh_card,),
    events.TicketResolved: (
        customer_notices.say_resolved,
        staff_notices.refresh_card,
        staff_notices.show_resolution,
        staff_notices.tell_former_assignee,
        records.count_resolution,
        watch_notices.tell_watchers,
        beginning.end_escalation,
    ),
    events.ClaimLapsed: (life_notices.tell_who_was_late,),
    events.TicketHeld: (
        staff_notices.refresh_card,
        life_notices.show_hold,
        staff_notices.tell_former_assignee,
        watch_notices.tell_watchers,
    ),
    events.TicketSnoozed: (
        staff_notices.refresh_card,
        life_notices.show_snooze,
        staff_notices.tell_former_assignee,
        watch_notices.tell_watchers,
    ),
    events.TicketResumed: (
        staff_notices.refresh_card,
        life_notices.show_resumption,
        customer_notices.say_it_waits,
        watch_notices.tell_watchers,
    ),
    events.TicketReopened: (
        customer_notices.say_reopened,
        staff_notices.refresh_card,
        staff_notices.show_reopening,
        customer_notices.say_it_waits,
        watch_notices.tell_watchers,
        beginning.on_reopening,
    ),
    events.TicketClosed: (
        customer_notices.say_closed,
        staff_notices.refresh_card,
        watch_notices.tell_watchers,
        transcripts.send_at_closing,
        watch_notices.end_watching,
        beginning.end_escalation,
    ),
    events.TicketMerged: (
        staff_notices.refresh_card,
        staff_notices.tell_former_assignee,
        life_notices.show_merge,
        life_notices.tell_customer_of_merge,
        watch_notices.tell_watchers,
        watch_notices.end_watching,
        beginning.end_escalation,
    ),
    events.TicketUnmerged: (
        staff_notices.refresh_card,
        life_notices.show_merge,
        life_notices.tell_customer_of_merge,
    ),
    events.TicketSplit: (
        staff_notices.refresh_card,
        life_notices.show_split,
        life_notices.tell_customer_of_split,
        watch_notices.tell_watchers,
    ),
    events.TicketSplitOff: (life_notices.show_split,),
    events.TicketRejoined: (
        staff_notices.refresh_card,
        staff_notices.tell_former_assignee,
        life_notices.show_split,
        life_notices.tell_customer_of_split,
        watch_notices.tell_watchers,
        watch_notices.end_watching,
    ),
    events.SplitUndone: (
        staff_notices.refresh_card,
        life_notices.show_split,
    ),
    events.TicketLinked: (staff_notices.refresh_card,),
    events.TicketUnlinked: (staff_notices.refresh_card,),
    events.TicketWatched: (),
    events.TicketUnwatched: (),
    events.TranscriptAsked: (transcripts.send_what_was_asked,),
    events.SurveyAsked: (survey_notices.ask_how_it_was,),
    events.SurveyAnswered: (
        survey_notices.thank_for_score,
        survey_notices.show_score,
        records.count_score,
        beginning.on_low_score,
    ),
    events.SurveyCommented: (
        survey_notices.thank_for_score,
        survey_notices.show_score,
    ),
    events.MessageEdited: (
        mirror.mirror_edit,
        mirror.refresh_quote,
    ),
    events.MessageDeleted: (
        mirror.mirror_deletion,
        mirror.refresh_quote,
    ),
    events.ReactionChanged: (mirror.mirror_reaction,),
    events.FileKept: (
        file_notices.send_late_file,
        file_notices.let_words_go,
    ),
    events.FileRefused: (
        file_notices.send_late_file,
        file_notices.let_words_go,
        file_notices.tell_sender,
    ),
    events.MoveOffered: (customer_notices.offer_move,),
    events.TicketMoved: (
        customer_notices.say_moved,
        staff_notices.refresh_card,
    ),
    events.CustomersLinked: (customer_notices.say_linked,),
    events.LinkRefused: (customer_notices.say_not_linked,),
    events.LinkCodeMade: (),
    events.NewLinksAsked: (),
    events.ShopFellSilent: (return_notices.show_silent_shop,),
    events.OrderProofOffered: (return_notices.offer_proof,),
    events.OrderProofAsked: (),
    events.OrderProved: (),
    events.OrderCodeSaid: (return_notices.answer_code,),
    events.ReturnOffered: (return_notices.offer_return,),
    events.ReturnRequested: (
        return_notices.show_return,
        return_notices.tell_customer_of_return,
    ),
    events.ReturnMoved: (
        return_notices.show_return,
        return_notices.tell_customer_of_return,
    ),
    events.AgentAdded: (staff_notices.welcome_agent,),
    events.AgentEdited: (),
    events.TeamDefined: (),
    events.AgentRemoved: (watch_notices.end_watching_of,),
    events.AvailabilityChanged: (availability_notices.tell_who_was_quiet,),
    events.AgentWentQuiet: (availability_notices.ask_for_sign,),
    events.RotaSet: (),
    events.CoverMade: (availability_notices.tell_who_covers,),
    events.CoverRemoved: (availability_notices.tell_who_covers,),
    events.InvitationMade: (),
    events.IdentityLinked: (),
    events.SignInLinkMade: (),
    events.SignedIn: (),
    events.SessionEnded: (),
    events.ApiKeyMade: (),
    events.ApiKeyEnded: (),
    events.CustomerEdited: (),
    events.CustomerBlocked: (),
    events.CustomerUnblocked: (),
    events.BlockedWrote: (customer_notices.refuse_politely,),
    events.CustomerForgotten: (),
    events.DeliveryDied: (staff_notices.show_dead_delivery, telling.pause_after_death),
    events.WebhookChanged: (),
    events.DeliveryRevived: (staff_notices.show_revived,),
}


async def follow_up(work: Work) -> None:
    """Keep what happened as history and write what follows from it: rows only, one hop."""
    await work.session.flush()
    happened = tuple(work.events)
    if happened:
        await work.session.execute(insert(History), [_kept(work, event) for event in happened])
    for event in happened:
        if SUBSCRIBERS[type(event)]:
            await _consequences(work, event)
    if len(work.events) > len(happened):
        raise RuntimeError(f"a subscriber emitted {work.events[-1]!r}")
    await write_owed(work)


async def _consequences(work: Work, event: Event) -> None:
    """What follows from an event, said in the language of the customer whom it is about."""
    customer = await whom_about(work, event)
    reader = Reader(customer.language, customer.time_zone) if customer else Reader()
    with speaking.to(reader):
        for subscriber in SUBSCRIBERS[type(event)]:
            await subscriber(work, event)


def _kept(work: Work, event: Event) -> dict[str, Any]:
    """The row of history of an event."""
    facts = asdict(event)
    if work.using is not None and facts.get("ticket_id") == work.using.ticket_id:
        facts["macro"] = work.using.macro
    return {
        "at": work.now,
        "event": type(event).__name__,
        "ticket_id": facts.pop("ticket_id") if isinstance(event, TicketEvent) else None,
        "actor": work.actor,
        "facts": facts,
    }
