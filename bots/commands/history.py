"""What happened to a ticket, in plain sentences: ``/ticket history``."""

import re
from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Past, Priority, Role

Args = Mapping[str, Any]
LAST = 40  # events shown; the rest is counted
_LABEL = re.compile(r"(?:agent \d+|customer|admin|lead) (.*) \(([a-z]+):.*\)")

SENTENCES: Mapping[str, str] = {
    "SmallTalkMade": "wrote small talk.",
    "ArticlesOffered": "was offered articles.",
    "EnquirySolved": "said that an article solved it.",
    "EnquiryWentSilent": "closed a question to which nothing came back.",
    "ArticleJudged": "said on a page whether the article {article} helped: {helpful}.",
    "ArticleWritten": "changed the article {slug} ({change}).",
    "ArticleDemoted": "no longer gives “{title}” as the answer: {helpful} found it helpful, {unhelpful} did not.",
    "ArticlePromoted": "gives article {article_id} as the answer again.",
    "PhrasingDecided": "decided about a phrasing of article {article_id}.",
    "TicketOpened": "opened the ticket.",
    "MessageReceived": "wrote.",
    "TicketAssigned": "gave it to {agent} ({how}).",
    "TicketReturned": "put it back into the queue: {why}.",
    "AgentReplied": "answered the customer.",
    "NoteAdded": "added a note for colleagues.",
    "MessageEdited": "reworded a message.",
    "MessageDeleted": "took a message back.",
    "ReactionChanged": "changed a reaction {emoji}.",
    "FileKept": "kept a file that came with a message.",
    "FileRefused": "did not take a file: {reason}.",
    "StaffWrote": "wrote to the bot.",
    "TicketEscalated": "escalated it: {reason}",
    "EscalationStepTaken": "took a step ({trigger}: {measure}): {outcome}.",
    "EscalationsTold": "told {agent} of {count} steps of escalations.",
    "TicketCalmed": "ended the escalation.",
    "LadderSet": "set what is done when it is {trigger}: {steps}.",
    "PriorityChanged": "set the priority to {urgency}.",
    "TierRaised": "raised it to tier {tier}.",
    "TeamChanged": "passed it to another team.",
    "TargetWarned": "warned that {share} % of the time for the {target} had passed.",
    "TargetBreached": "recorded that the {target} was not in time.",
    "TicketsStuck": "saw that these tickets find nobody: {numbers}.",
    "RoutingChanged": "set {knob} of the routing policy {policy} to {value}.",
    "TargetMet": "kept the time for the {target}.",
    "BusinessHoursChanged": "changed the business hours {name} ({change}).",
    "WebhookChanged": "changed webhook {webhook_id} ({change}).",
    "SlaPolicyChanged": "changed the SLA policy {name} ({change}).",
    "TicketTagged": "changed the tags: {tags}.",
    "CategoryChanged": "filed it under {category}.",
    "KindChanged": "made it a {kind} (it was a {was}).",
    "KindDefined": "{change} the kind {name}.",
    "FieldChanged": "put {value} into {field}.",
    "FieldDefined": "{change} the field {name}.",
    "LanguageChanged": "said that it is written in {language}.",
    "ComplexityChanged": "set the complexity to {complexity}.",
    "LessonLearned": "learned from {tickets} tickets (lesson {version}).",
    "RuleApplied": "followed the rule “{name}”: {changed}.",
    "RuleChanged": "changed the rule “{name}” ({change}).",
    "RuleBroke": "skips the rule “{name}”: {why}",
    "MacroUsed": "used the macro {macro}: {did}.",
    "MacroWritten": "{change} the macro {name}.",
    "ViewSaved": "saved the view {name}.",
    "WeekReported": "told of the week of {week}.",
    "ViewRemoved": "removed the view {name}.",
    "BulkDone": "changed {count} tickets at once ({what} {value}).",
    "BulkUndone": "brought {count} tickets back as they were.",
    "TicketResolved": "resolved it. {resolution}",
    "ClaimLapsed": "took it back from {agent}: {why}.",
    "TicketHeld": "put it on hold, waiting for {waits_for}.",
    "TicketSnoozed": "put it away until {until}.",
    "TicketResumed": "took it up again: {why}.",
    "TicketReopened": "reopened it: {why}.",
    "TicketClosed": "closed it for good.",
    "TicketMerged": "merged it into #{into}.",
    "TicketUnmerged": "undid the merging with #{from_ticket}.",
    "TicketSplit": "split a message off; it is #{into}.",
    "TicketSplitOff": "split it off #{from_ticket}.",
    "TicketRejoined": "took the split back: it is part of #{into} again.",
    "SplitUndone": "took the split of #{other} back.",
    "TicketLinked": "said that it is {how} #{other}.",
    "TicketUnlinked": "said that it is no longer {how} #{other}.",
    "TicketWatched": "began to watch it.",
    "TicketUnwatched": "stopped watching it.",
    "TranscriptAsked": "asked for a transcript ({form}, with notes: {with_notes}).",
    "SurveyAsked": "asked the customer how satisfied they are.",
    "SurveyAnswered": "gave {score} of 5.",
    "SurveyCommented": "said why they are so satisfied, or not.",
    "MoveOffered": "was offered to go on with #{number} here.",
    "TicketMoved": "went on with it on {channel}.",
    "CustomersLinked": "became one customer with number {other_id}.",
    "LinkRefused": "sent a code that did not link anything ({why}).",
    "LinkCodeMade": "asked for a code to be known elsewhere.",
    "ShopFellSilent": "found that the shop does not answer: {why}",
    "OrderProofOffered": "was offered to show that order {number} is theirs.",
    "NewLinksAsked": "asked for new links to requests; {links} were sent.",
    "OrderProofAsked": "asked for a code for order {number}.",
    "OrderProved": "showed by a code that an order is theirs.",
    "OrderCodeSaid": "wrote a code for order {number}: {end}.",
    "ReturnOffered": "was offered to return an order.",
    "ReturnRequested": "asked to send things back: return {return_id}.",
    "ReturnMoved": "set return {return_id} to {step}.",
    "AgentAdded": "added {agent} to the desk.",
    "AgentEdited": "changed {agent}: {changes}.",
    "AgentRemoved": "removed {agent} from the desk.",
    "TeamDefined": "changed the team {name} ({change}).",
    "AvailabilityChanged": "set {agent} to {availability}{because}.",
    "AgentWentQuiet": "asked {agent} for a sign of life after {minutes} minutes.",
    "RotaSet": "set who is on call in turn: {people}.",
    "CoverMade": "put {agent} on call from {begins} until {ends}.",
    "CoverRemoved": "took back that {agent} is on call out of turn.",
    "InvitationMade": "made an invitation.",
    "IdentityLinked": "made {agent} known as {who}.",
    "SignInLinkMade": "asked for a link onto the staff pages.",
    "SignedIn": "signed in on the staff pages.",
    "SessionEnded": "ended session {session_id} of {agent}.",
    "ApiKeyMade": "made the API key “{name}” for {scopes}.",
    "ApiKeyEnded": "ended API key {key_id}.",
    "CustomerEdited": "changed the profile of the customer: {parts}.",
    "CustomerBlocked": "blocked the customer.",
    "CustomerUnblocked": "unblocked the customer.",
    "BlockedWrote": "wrote, and is blocked.",
    "CustomerForgotten": "erased who the customer is.",
    "DeliveryDied": "could not deliver a card: {error}",
    "DeliveryRevived": "asked for a card to be sent again.",
}
"""What each event says, after the name of whoever did it."""


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def sentence(event: str, facts: Mapping[str, Any], agents: Mapping[int, str]) -> str:
    """One thing that happened, without who did it: ``set the priority to high.``"""
    known = _Facts({name: _plainly(value) for name, value in facts.items()})
    if facts.get("agent_id") is not None:
        known["agent"] = agents.get(facts["agent_id"], f"agent {facts['agent_id']}")
    if event == "AvailabilityChanged":
        known["because"] = f": {facts['why']}" if facts.get("why") else ""
    if event == "PriorityChanged":
        known["urgency"] = Priority(facts["priority"]).label
    if event == "CategoryChanged" and not facts["category"]:
        known["category"] = "nothing"
    if event == "FieldChanged" and facts["value"] is None:
        known["value"] = "nothing"
    if event == "LanguageChanged" and not facts["language"]:
        known["language"] = "a language that nobody knows"
    if event == "TicketTagged":
        signed = [f"+{each}" for each in facts["added"].split(",") if each]
        known["tags"] = " ".join(
            signed + [f"-{each}" for each in facts["removed"].split(",") if each]
        )
    in_words = re.sub(r"(?<!^)([A-Z])", r" \1", event).lower() + "."
    by_macro = f" (macro {facts['macro']})" if "macro" in facts and event != "MacroUsed" else ""
    return SENTENCES.get(event, in_words).format_map(known).strip() + by_macro


def _plainly(fact: Any) -> Any:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return "nobody" if fact is None else fact


def whoever(label: str) -> str:
    """Who did it and from where, out of what history names them by."""
    found = _LABEL.fullmatch(label)
    return f"{found[1]} ({found[2]})" if found else "The desk"


async def history(desk: Desk, by: Who, args: Args) -> Said:
    past: Past = await desk.ticket_past(by, args["ticket"])
    lines = [
        f"{each.at:%Y-%m-%d %H:%M} · {whoever(each.actor)} {sentence(each.event, each.facts, past.agents)}"
        for each in past.history[-LAST:]
    ]
    earlier = len(past.history) - LAST
    card = Card(
        title=f"🕰 #{past.ticket.id} {past.ticket.subject}",
        text="\n".join(lines),
        footnote=f"Times are UTC.{f' {earlier} earlier events are not shown.' * (earlier > 0)}",
    )
    return Said(card, answers.as_json(past.ticket))


COMMANDS = (
    Command(
        name="ticket history",
        role=Role.AGENT,
        help="What happened to a ticket: who did what, when, from where and why.",
        example="/ticket history 42",
        run=history,
        params=(TICKET,),
    ),
)
