"""How a person is judged: from checklist and events to standing, decision and award, without any I/O."""
