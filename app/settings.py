"""The settings: read from the environment and ``.env``, once, by whoever starts the desk.

One table, however long: each name is a variable of the environment, and is looked for here.
"""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import CannotStart
from app.setting_values import (
    Admins,
    Colour,
    EmailAddresses,
    Key,
    Level,
    Networks,
    OrderAddress,
    Picture,
    Reactions,
)
from bots.email.smtp import Security
from core.policy import HandBack, Policy
from web.public.colour import DEFAULT
from web.public.theme import Theme


class Settings(BaseSettings):
    """What can be set. Every field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    database_url: str = Field(
        default="sqlite:///data/switchboard.db",
        description="Where everything is kept: sqlite:///path or postgresql://user:password@host/name.",
    )
    host: str = Field(default="127.0.0.1", description="The address the web server listens on.")
    port: int = Field(
        default=8080, ge=0, le=65535, description="Its port; 0 takes any that is free."
    )
    trusted_proxies: Networks = Field(
        default="",
        description="The proxies in front of the web server, such as 10.0.0.2 or 10.0.0.0/8, with "
        "commas: whom they name in X-Forwarded-For is who asks; nobody else is believed.",
    )
    public_url: str = Field(
        default="", description="How people reach the web server, if not by http://HOST:PORT."
    )
    console: bool = Field(
        default=False,
        description="Whether /console is on: a page on which anybody can be anybody, for trying out.",
    )
    admins: Admins = Field(
        default=(),
        description="Who is admin from the start: slack:U0123 or slack:T0123:U0123 or console:name, "
        "separated by commas.",
    )
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""),
        description="The Slack app's bot token, xoxb-…; without it Slack is off.",
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="Its app-level token, xapp-…: turns Socket Mode on."
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="Its signing secret: turns /slack/events on."
    )
    slack_staff_channel: str = Field(
        default="",
        description="The id of the private Slack channel where agents work, C0123; in another "
        "workspace than the token's, T0123:C0123.",
    )
    slack_client_id: str = Field(
        default="",
        description="The app's client id: with its secret and SECRET_KEY, other workspaces can "
        "install the app at /slack/install.",
    )
    slack_client_secret: SecretStr = Field(
        default=SecretStr(""), description="The app's client secret."
    )
    slack_reactions: Reactions = Field(
        default="ticket:create,eyes:claim,white_check_mark:resolve,rotating_light:escalate",
        description="Which emojis of staff are commands on Slack, and which; - for none.",
    )
    slack_sign_in_id: str = Field(
        default="",
        description="The client id of a Slack app by which staff sign in on the pages; empty: not by "
        "Slack.",
    )
    slack_sign_in_secret: SecretStr = Field(default=SecretStr(""), description="Its client secret.")
    secret_key: Key = Field(
        default=SecretStr(""),
        description="32 random characters or more, under which tokens are kept in the database: "
        'python -c "import secrets; print(secrets.token_urlsafe(32))".',
    )
    webhook_hosts: str = Field(
        default="",
        description="Hosts of your own network that webhooks may go to, also by http, with commas; "
        "all others have to be on the open network.",
    )
    desk_name: str = Field(
        default="Switchboard", description="What the desk is called on its public pages."
    )
    desk_logo: Picture = Field(
        default="", description="The https address of a picture to show instead of the name."
    )
    desk_accent: Colour = Field(
        default=DEFAULT,
        description="The colour of links and buttons there; made darker or lighter until it can be read.",
    )
    widget_secret: SecretStr = Field(
        default=SecretStr(""),
        description="What a site that shows the chat widget signs its visitors' ids with, so that we "
        "know who they are.",
    )
    widget_origins: str = Field(
        default="",
        description="The sites that may show the chat widget, such as https://shop.example, with "
        "commas; empty: any.",
    )
    slack_api_url: str = Field(
        default="", description="Another server that speaks Slack's Web API, for tests."
    )
    discord_bot_token: SecretStr = Field(
        default=SecretStr(""), description="The Discord bot's token; without it Discord is off."
    )
    discord_staff_channel: str = Field(
        default="", description="The id of the Discord channel or forum where agents work."
    )
    discord_agent_roles: str = Field(
        default="", description="Ids of Discord roles whose members are agents, with commas."
    )
    discord_lead_roles: str = Field(default="", description="The same for leads.")
    discord_admin_roles: str = Field(default="", description="The same for admins.")
    discord_state_file: Path = Field(
        default=Path("data/discord.json"),
        description="The file where the connection to Discord remembers how often it was begun.",
    )
    discord_sign_in_id: str = Field(
        default="",
        description="The client id of a Discord application by which staff sign in on the pages; "
        "empty: not by Discord.",
    )
    discord_sign_in_secret: SecretStr = Field(
        default=SecretStr(""), description="Its client secret."
    )
    discord_api_url: str = Field(
        default="", description="Another server that speaks Discord's API, for tests."
    )
    shop_orders_url: OrderAddress = Field(
        default="",
        description="Where the shop is asked for an order, with {number} in it: "
        "https://shop.example/orders/{number}.json.",
    )
    shop_token: SecretStr = Field(
        default=SecretStr(""), description="The token that the shop wants with it, as a bearer."
    )
    shop_seconds: float = Field(
        default=2, gt=0, le=30, description="How long the shop has to answer, in seconds."
    )
    smtp_host: str = Field(
        default="",
        description="The mail server that takes what the desk sends; without it no mail goes out.",
    )
    smtp_port: int = Field(
        default=587, ge=1, le=65535, description="Its port: 587 for STARTTLS, 465 for TLS."
    )
    smtp_security: Security = Field(
        default=Security.STARTTLS,
        description="How the connection is kept secret: starttls, tls or none.",
    )
    smtp_user: str = Field(default="", description="The user of the mail server.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Their password.")
    mail_from: str = Field(default="", description="The address that mails come from.")
    files_folder: Path = Field(
        default=Path("data/files"),
        description="The folder in which the files of messages are kept.",
    )
    files_s3_bucket: str = Field(
        default="",
        description="A bucket of an S3-compatible store to keep them in instead of the folder.",
    )
    files_s3_url: str = Field(
        default="", description="The address of that store, where it is not Amazon's."
    )
    file_megabytes: float = Field(
        default=20, gt=0, description="The largest file that is taken, in megabytes."
    )
    knowledge_folder: Path = Field(
        default=Path("data/knowledge"),
        description="The folder in which what was learned from the articles is kept.",
    )
    semantic_model: str = Field(
        default="",
        description="A folder with a sentence model of your own: model.onnx and tokenizer.json.",
    )
    false_answers: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="The share of unanswerable questions that may get an article, as a target.",
    )
    helpful_floor: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="An article that fewer customers find helpful is only offered, as a share.",
    )
    helpful_after: int = Field(
        default=10, ge=1, description="Opinions on an article before it is judged by them."
    )
    learn_above: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="How sure a solved answer has to be for its question to become a phrasing "
        "by itself; 1: never.",
    )
    silence_hours: float = Field(
        default=24,
        gt=0,
        description="An offered article that nobody reacts to is let go after so long.",
    )
    close_hours: float = Field(
        default=48, gt=0, description="A resolved ticket is closed for good after so long."
    )
    request_link_days: int = Field(
        default=90,
        ge=0,
        description="How many days after its end a request can be opened by its secret link; 0: ever.",
    )
    surveys: bool = Field(
        default=True, description="Whether customers are asked how it was once a ticket is closed."
    )
    transcripts: bool = Field(
        default=False,
        description="Whether customers get a transcript of their ticket once it is closed.",
    )
    claim_minutes: float = Field(
        default=15,
        ge=0,
        description="A ticket that its agent has not answered goes back to the queue after so long.",
    )
    escalate_reopens: int = Field(
        default=2, ge=1, le=100, description="So often reopened, a ticket is escalated."
    )
    escalate_at_percent: int = Field(
        default=90,
        ge=1,
        le=100,
        description="When so much of the time of a promise has passed, a ticket is at risk.",
    )
    presence_minutes: float = Field(
        default=0,
        ge=0,
        le=10_080,
        description="An available agent who is quiet for so long is asked for a sign of life; 0: "
        "never.",
    )
    presence_grace_minutes: float = Field(
        default=5, gt=0, le=10_080, description="Without one they are on break after so long."
    )
    hand_back: HandBack = Field(
        default=HandBack.REPLY,
        description="When open tickets of an agent who goes offline go back to the queue: now, "
        "with the next reply of the customer (reply), or never.",
    )
    release_minutes: float = Field(
        default=15, ge=0, description="A ticket does not come back to who gave it away for so long."
    )
    give_up_hours: float = Field(
        default=24, gt=0, description="A delivery that fails is tried for so long."
    )
    digest_hour: int = Field(
        default=8,
        ge=-1,
        le=23,
        description="The hour of Mondays (UTC) at which the figures of the week before are posted to "
        "the staff rooms; -1: never.",
    )
    digest_emails: EmailAddresses = Field(
        default="",
        description="Who gets those figures by e-mail, too: addresses, with commas. Needs SMTP_HOST.",
    )
    log_level: Level = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @model_validator(mode="after")
    def _slack_whole(self) -> Self:
        if not self.slack_is_on and (self.slack_app_token or self.slack_signing_secret):
            raise ValueError("SLACK_BOT_TOKEN is missing, and the other Slack settings need it")
        return self

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> Self:
        if self.smtp_user and self.smtp_security is Security.NONE:
            raise ValueError("SMTP_USER would be sent in clear with SMTP_SECURITY=none")
        return self

    @property
    def theme(self) -> Theme:
        """How the public pages look."""
        return Theme(name=self.desk_name, logo=self.desk_logo, accent=self.desk_accent)

    @property
    def digest_mails(self) -> tuple[str, ...]:
        """Who gets the digest by e-mail, each once."""
        said = (each.strip() for each in self.digest_emails.split(","))
        return tuple(dict.fromkeys(filter(None, said)))

    @property
    def sites(self) -> list[str]:
        """The sites that may show the widget; none: any."""
        return [each.strip().rstrip("/") for each in self.widget_origins.split(",") if each.strip()]

    @property
    def slack_is_on(self) -> bool:
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def discord_is_on(self) -> bool:
        return bool(self.discord_bot_token.get_secret_value())

    @property
    def policy(self) -> Policy:
        return Policy(
            silence=timedelta(hours=self.silence_hours),
            handshake=timedelta(hours=self.close_hours),
            request_link=timedelta(days=self.request_link_days),
            surveys=self.surveys,
            reopens=self.escalate_reopens,
            risk=self.escalate_at_percent,
            transcripts=self.transcripts,
            presence=timedelta(minutes=self.presence_minutes),
            presence_grace=timedelta(minutes=self.presence_grace_minutes),
            hand_back=self.hand_back,
            claim=timedelta(minutes=self.claim_minutes),
            release_rest=timedelta(minutes=self.release_minutes),
            give_up=timedelta(hours=self.give_up_hours),
            file_size=round(self.file_megabytes * 1_000_000),
            helpful_floor=self.helpful_floor,
            helpful_after=self.helpful_after,
            learn_above=self.learn_above,
            digest_hour=self.digest_hour,
        )

    @property
    def url(self) -> str:
        """How people reach the web server."""
        return (self.public_url or f"http://{_host_in_url(self.host)}:{self.port}").rstrip("/")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, if it is one."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme.startswith("sqlite") and path else None


def load() -> Settings:
    """The settings as they are now. Raises `CannotStart`, naming the variable at fault."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"{str(each['loc'][0]).upper() + ': ' if each['loc'] else ''}{_bare(each['msg'])}."
            for each in error.errors()
        ]
        raise CannotStart(" ".join(faults)) from None


def env_example() -> str:
    """The text of ``.env.example``: every setting with what it is for and its default."""
    parts = [
        "# Settings of Switchboard. Copy to .env; everything has a default and may be left out.",
        "# Only for docker-compose.yml: the password of its database.\n# POSTGRES_PASSWORD=",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if isinstance(field.default, SecretStr | tuple) else str(field.default)
        shown = default.lower() if isinstance(field.default, bool) else default
        parts.append(f"# {field.description}\n# {name.upper()}={shown}")
    return "\n\n".join(parts) + "\n"


def _host_in_url(host: str) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - shown, not bound
    return f"[{shown}]" if ":" in shown else shown


def _bare(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")
