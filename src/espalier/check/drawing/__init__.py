"""What can be heard in a prompt, one file a subject: colours, choices, fields, people and rights, things, features."""
