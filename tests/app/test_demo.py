"""The demonstration shop: believable, whole, and never loaded over anything."""

from tests.app.conftest import CommandLine


def test_the_shop_has_people_articles_and_tickets_in_every_status(cli: CommandLine) -> None:
    cli("migrate")

    loaded = cli("demo")

    assert "6 agents, 12 articles, 20 customers" in loaded.stdout
    agents = cli.json("do", "/agent list")["text"].splitlines()[1:]
    assert len(agents) == 6
    assert all("skills" in line and "speaks" in line for line in agents)
    for status in ("new", "open", "pending", "resolved", "closed"):
        listed = cli.json("do", f"/ticket list status:{status}")["text"]
        assert f"· {status}" in listed, status
    assert cli.json("say", "--as", "customer-20", "where is my refund?")["outcome"] == "suggested"


def test_it_is_not_loaded_into_a_desk_that_has_anybody(desk_cli: CommandLine) -> None:
    desk_cli.json("do", "/agent add @agent-1")

    refused = desk_cli("demo")

    assert "is not empty" in refused.stdout
    assert len(desk_cli.json("do", "/agent list")["text"].splitlines()) == 2
