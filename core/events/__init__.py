"""What can happen on the desk: facts in the past tense, with ids only; a file for each noun."""

# ruff: noqa: F403 - every event is known here by its name, too

from core.events.access import *
from core.events.agents import *
from core.events.articles import *
from core.events.customers import *
from core.events.deliveries import *
from core.events.enquiries import *
from core.events.escalations import *
from core.events.event import *
from core.events.joining import *
from core.events.macros import *
from core.events.messages import *
from core.events.orders import *
from core.events.promises import *
from core.events.reports import *
from core.events.routing import *
from core.events.rules import *
from core.events.surveys import *
from core.events.tickets import *
from core.events.traits import *
from core.events.views import *
