"""What `rules --help` says."""

HELP = """\
List, check and test the rules.

Exit 1 where an example or the language does not do what it should, 2 where the rules cannot
be loaded.

\b
Every rule, the linter's warnings, what came of the examples:
  .venv/bin/python trailbell.py rules
\b
What a rule means, why it matters, what to do first, its pattern:
  .venv/bin/python trailbell.py rules trail-stopped
\b
The list with your own file laid over the default rules:
  .venv/bin/python trailbell.py rules --rules my-rules.toml
\b
The subscription filter for CloudWatch Logs, and which rule widened it:
  .venv/bin/python trailbell.py rules --subscription-filter
\b
How many records of a trail each [[allow]] lowers and each [[route]] takes:
  .venv/bin/python trailbell.py rules --rules my-rules.toml trail/
\b
Which messages a change of rules adds and takes away:
  .venv/bin/python trailbell.py rules --rules my-rules.toml \\
    --diff changed.toml trail/
\b
How much of a trail would alert, and what is seen of attacks:
  .venv/bin/python trailbell.py rules --coverage trail.jsonl
  .venv/bin/python trailbell.py rules --coverage attacks.jsonl \\
    --techniques attacks.tsv
\b
Detections published elsewhere, and what tells them:
  .venv/bin/python trailbell.py rules --catalogues T1562
\b
After a change to chalicelib/rules/default/*.toml or docs/coverage.tsv:
  .venv/bin/python trailbell.py rules --compile
\b
Sigma rules of CloudTrail as a rule file, and rules of ours as Sigma rules:
  .venv/bin/python trailbell.py rules --import-sigma \\
    sigma/*.yml > my-rules.toml
  .venv/bin/python trailbell.py rules --rules my-rules.toml --export-sigma > \\
    sigma.yml
\b
Whether CloudWatch gives our verdicts (needs logs:TestMetricFilter):
  .venv/bin/python trailbell.py rules --verify-live
"""
