"""The rest of Slack's Web API that is used: files, emojis, deletions, homes, links, installations."""

import itertools
from typing import Any

from aiohttp import web

Json = dict[str, Any]

LIVES = 43_200  # seconds, of a token that is rotated


class More:
    """Mixed into the stand-in. ``files`` are by id, with their content."""

    url: str
    posts: dict[str, list[Json]]
    views: list[Json]

    def __init__(self) -> None:
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self.homes: dict[str, list[Json]] = {}
        self.emojis: list[tuple[str, str, str]] = []
        self.unfurled: list[Json] = []
        self.updated: list[Json] = []
        self.codes: dict[str, Json] = {}
        self.tokens: dict[str, str] = {}  # those of other workspaces
        self.used_tokens: set[str] = set()
        self.rotates = False
        self.signs_in = False  # whether a download is answered with the page to sign in
        self._files = itertools.count(1)
        self._rotations = itertools.count(1)

    def ts(self) -> str:
        raise NotImplementedError

    # Files

    def upload_by_person(self, name: str, content: bytes, mimetype: str = "image/png") -> Json:
        """A file that somebody attached to a post: as events show it."""
        file_id = f"F{next(self._files)}"
        file = {"id": file_id, "name": name, "mimetype": mimetype, "size": len(content)}
        self.contents[file_id] = content
        self.files[file_id] = {**file, "url_private_download": f"{self.url}/files/{file_id}"}
        return file

    def _files_info(self, args: Json) -> Json:
        found = self.files.get(args["file"])
        return {"file": found} if found else {"ok": False, "error": "file_not_found"}

    def _files_getUploadURLExternal(self, args: Json) -> Json:  # noqa: N802
        file_id = f"F{next(self._files)}"
        self.files[file_id] = {"id": file_id, "name": args["filename"], "length": args["length"]}
        return {"file_id": file_id, "upload_url": f"{self.url}/files/{file_id}"}

    def _files_completeUploadExternal(self, args: Json) -> Json:  # noqa: N802
        shared = [{**self.files[each["id"]], "title": each["title"]} for each in args["files"]]
        post = {"ts": self.ts(), "bot_id": "B0BOT", "text": "", "files": shared, "blocks": []}
        if args.get("thread_ts"):
            post["thread_ts"] = args["thread_ts"]
        self.posts[args["channel_id"]].append(post)
        return {"files": shared}

    def _files_delete(self, args: Json) -> Json:
        if self.files.pop(args["file"], None) is None:
            return {"ok": False, "error": "file_not_found"}
        for posts in self.posts.values():
            posts[:] = [
                post
                for post in posts
                if args["file"] not in {each["id"] for each in post.get("files", ())}
            ]
        return {}

    async def take_content(self, request: web.Request) -> web.Response:
        """The address that content is sent to."""
        self.contents[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")

    async def give_content(self, request: web.Request) -> web.Response:
        """The address that content is fetched from; others than the bot are sent to sign in."""
        if self.signs_in or not request.headers.get("Authorization", "").startswith("Bearer xoxb-"):
            return web.Response(status=302, headers={"Location": "https://slack.com/signin"})
        file_id = request.match_info["id"]
        kind = self.files[file_id].get("mimetype", "application/octet-stream")
        return web.Response(body=self.contents[file_id], content_type=kind)

    # What is done to posts

    def _chat_delete(self, args: Json) -> Json:
        posts = self.posts[args["channel"]]
        kept = [post for post in posts if post["ts"] != args["ts"]]
        if len(kept) == len(posts):
            return {"ok": False, "error": "message_not_found"}
        posts[:] = kept
        return {}

    def _reactions_add(self, args: Json) -> Json:
        put = (args["channel"], args["timestamp"], args["name"])
        if put in self.emojis:
            return {"ok": False, "error": "already_reacted"}
        self.emojis.append(put)
        return {}

    def _reactions_remove(self, args: Json) -> Json:
        put = (args["channel"], args["timestamp"], args["name"])
        if put not in self.emojis:
            return {"ok": False, "error": "no_reaction"}
        self.emojis.remove(put)
        return {}

    def _chat_unfurl(self, args: Json) -> Json:
        self.unfurled.append(args)
        return {}

    def _views_update(self, args: Json) -> Json:
        view = {**args["view"], "id": args["view_id"]}
        self.views[:] = [view if each["id"] == args["view_id"] else each for each in self.views]
        self.updated.append(view)
        return {"view": view}

    def _views_publish(self, args: Json) -> Json:
        self.homes.setdefault(args["user_id"], []).append(args["view"])
        return {}

    # Installations

    def _oauth_v2_access(self, args: Json) -> Json:
        if (args.get("client_id"), args.get("client_secret")) != ("1.2", "client secret"):
            return {"ok": False, "error": "bad_client_secret"}
        number = next(self._rotations)
        life: Json = (
            {"expires_in": LIVES, "refresh_token": f"xoxe-1-{number}"} if self.rotates else {}
        )
        if args.get("grant_type") == "refresh_token":
            team = self.codes.pop(args["refresh_token"], None)
        else:
            team = self.codes.pop(args.get("code", ""), None)
        if team is None:
            return {"ok": False, "error": "invalid_code"}
        token = f"xoxb-{team['id']}-{number}"
        self.tokens[token] = team["id"]
        if self.rotates:
            self.codes[life["refresh_token"]] = team
        return {
            "access_token": token,
            "bot_user_id": "U0BOT",
            "team": team,
            "scope": "chat:write,im:history",
            "authed_user": {"id": "U1ALICE"},
            **life,
        }
