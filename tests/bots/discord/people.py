"""People on Discord: what they write, press and type becomes events of the gateway."""

import itertools
import time
from collections.abc import Mapping
from typing import Any

from tests.bots.discord.stand_in import StandIn
from tests.bots.discord.world import APPLICATION, BOT, GENERAL, GUILD, readable

Json = dict[str, Any]

_numbers = itertools.count(1)


class People:
    """Everybody but us."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    async def dm(self, user: int, text: str, **more: Any) -> Json:
        """Write to the bot."""
        return await self.say(user, self.stand_in.dm(user), text, **more)

    async def say(self, user: int, channel: int, text: str, **more: Any) -> Json:
        """Write in a channel or a thread."""
        made = self.stand_in.message(user, channel, text, **more)
        await self.stand_in.emit_message(made)
        return made

    async def mention(self, user: int, channel: int, text: str, **more: Any) -> Json:
        """Write in a channel, to the bot."""
        return await self.say(user, channel, f"<@{BOT}> {text}", **more)

    async def edit(self, message: Json, text: str) -> None:
        message.update(content=text, edited_timestamp="2026-01-05T09:01:00+00:00")
        await self.stand_in.emit("MESSAGE_UPDATE", self.stand_in.as_event(message))

    async def delete(self, message: Json) -> None:
        channel = int(message["channel_id"])
        if message in self.stand_in.messages[channel]:
            self.stand_in.messages[channel].remove(message)
        gone = {"id": message["id"], "channel_id": message["channel_id"]}
        await self.stand_in.emit("MESSAGE_DELETE", gone | self._where(channel))

    async def react(self, user: int, message: Json, emoji: str, *, added: bool = True) -> None:
        channel = int(message["channel_id"])
        where = self._where(channel)
        event = {
            "user_id": str(user),
            "channel_id": str(channel),
            "message_id": message["id"],
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
            **where,
            **({"member": self.stand_in.member(user)} if where and added else {}),
        }
        await self.stand_in.emit(f"MESSAGE_REACTION_{'ADD' if added else 'REMOVE'}", event)

    async def slash(
        self,
        user: int,
        line: str,
        *,
        channel: int | None = GENERAL,
        token: str = "",
        **options: Any,
    ) -> str:
        """Type a slash command; the token of the interaction."""
        return await self._interact(user, channel, 2, self._command(line, options), token)

    async def type_option(
        self, user: int, line: str, option: str, typed: str, *, channel: int | None = GENERAL
    ) -> list[Json]:
        """Type in an option and see what is suggested."""
        data = self._command(line, {option: typed}, focused=option)
        token = await self._interact(user, channel, 4, data)
        await self.stand_in.until(lambda: token in self.stand_in.firsts)
        choices: list[Json] = self.stand_in.firsts[token]["data"]["choices"]
        return choices

    async def menu(self, user: int, name: str, message: Json) -> str:
        """Choose something in the menu of a message."""
        data = {
            "id": "1",
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._interact(user, int(message["channel_id"]), 2, data)

    async def press(self, user: int, channel: int, label: str, *, token: str = "") -> str:
        """Press a button, by its label, on the newest message of a channel that has it."""
        message, button = self.button(channel, label)
        data = {"component_type": 2, "custom_id": button["custom_id"]}
        return await self._interact(user, channel, 3, data, token, message=message)

    def button(self, channel: int, label: str) -> tuple[Json, Json]:
        for message in reversed(self.stand_in.messages[channel]):
            for row in message["components"]:
                for each in row["components"]:
                    if each["type"] == 2 and label in each["label"]:
                        return message, each
        raise LookupError(f"no button {label} in {self.stand_in.texts(channel)}")

    async def submit(
        self, user: int, form: str, *, channel: int | None = GENERAL, **answers: str
    ) -> str:
        """Fill in the form that an interaction was answered with, and send it."""
        await self.stand_in.until(lambda: form in self.stand_in.firsts)
        modal = self.stand_in.firsts[form]["data"]
        data = {
            "custom_id": modal["custom_id"],
            "components": [_filled(each, answers) for each in modal["components"]],
        }
        return await self._interact(user, channel, 5, data)

    async def answer(self, token: str, within: float = 10) -> str:
        """What an interaction was answered with, in words."""
        await self.stand_in.until(lambda: self.stand_in.answers[token], within)
        return "\n".join(readable(each) for each in self.stand_in.answers[token])

    def _where(self, channel: int) -> Json:
        in_server = self.stand_in.channels[channel]["type"] != 1
        return {"guild_id": str(GUILD)} if in_server else {}

    def _command(self, line: str, options: Mapping[str, Any], focused: str = "") -> Json:
        word, _, verb = line.partition(" ")
        resolved: Json = {"users": {}}
        given = []
        for name, value in options.items():
            kind = _kind(self.stand_in.commands, word, verb, name)
            if kind == 6:
                resolved["users"][str(value)] = self.stand_in.user(int(value))
                value = str(value)
            option = {"name": name, "type": kind, "value": value}
            given.append(option | ({"focused": True} if name == focused else {}))
        inner = [{"name": verb, "type": 1, "options": given}] if verb else given
        if verb and _group_of(self.stand_in.commands, word, verb):
            inner = [{"name": "more", "type": 2, "options": inner}]
        return {"id": "1", "name": word, "type": 1, "options": inner, "resolved": resolved}

    async def _interact(
        self,
        user: int,
        channel: int | None,
        kind: int,
        data: Json,
        token: str = "",
        message: Json | None = None,
    ) -> str:
        token = f"{token}{next(_numbers)}" if token else f"token{next(_numbers)}"
        where = channel if channel is not None else self.stand_in.dm(user)
        place = self.stand_in.channels[where]
        event: Json = {
            "id": str(self.stand_in.id()),
            "application_id": str(APPLICATION),
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "channel_id": str(where),
            "channel": place,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "attachment_size_limit": 1 << 20,
            "locale": "en-US",
            "app_permissions": "0",
        }
        if place["type"] == 1:
            event["user"] = self.stand_in.user(user)
        else:
            member = {**self.stand_in.member(user), "permissions": "0"}
            event |= {"guild_id": str(GUILD), "member": member}
        if message is not None:
            event["message"] = message
        self.stand_in.asked_at[token] = time.monotonic()
        await self.stand_in.emit("INTERACTION_CREATE", event)
        return token


def _kind(commands: list[Json], word: str, verb: str, option: str) -> int:
    """The type that an option was registered with."""
    command = next(each for each in commands if each["name"] == word)
    if verb:
        there = _group_of(commands, word, verb) or command["options"]
        command = next(each for each in there if each["name"] == verb)
    kind: int = next(each for each in command["options"] if each["name"] == option)["type"]
    return kind


def _group_of(commands: list[Json], word: str, verb: str) -> list[Json]:
    """The group of verbs that this one is in, if it is in one."""
    command = next(each for each in commands if each["name"] == word)
    groups = [each["options"] for each in command["options"] if each["type"] == 2]
    return next((group for group in groups if verb in {each["name"] for each in group}), [])


def _filled(label: Json, answers: Mapping[str, str]) -> Json:
    asked = label["component"]
    value = answers.get(asked["custom_id"], "")
    held: Json = (
        {"values": [value] if value else []} if asked["type"] in {3, 5} else {"value": value}
    )
    inner = {"type": asked["type"], "custom_id": asked["custom_id"], "id": 2, **held}
    return {"type": 18, "id": 1, "component": inner}
