"""What the customer is told: every sentence that a customer reads is in this folder."""

# ruff: noqa: F403 - each is called by what it says, wherever it stands: `catalogue.opened`

from core.catalogue.channels import *
from core.catalogue.enquiries import *
from core.catalogue.files import *
from core.catalogue.forms import *
from core.catalogue.hello import *
from core.catalogue.links import *
from core.catalogue.orders import *
from core.catalogue.returns import *
from core.catalogue.surveys import *
from core.catalogue.tickets import *
