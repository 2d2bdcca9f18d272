"""Who is told what, and how it reaches them: recipients, the inbox in the app, the outbox for mail."""
