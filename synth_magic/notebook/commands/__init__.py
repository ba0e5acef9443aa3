"""The sub-commands of `%synthpatients` that concern the versions of a name."""
