"""Discord: customers write to the bot, agents work in a staff channel or forum."""
