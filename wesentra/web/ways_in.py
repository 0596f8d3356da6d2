"""What opens without a session, and what to somebody who is not let go on yet."""

OPEN = (
    ("static", "style sheets and scripts, the same for everybody"),
    ("accounts.sign_in", "the way in"),
    ("accounts.sign_in_post", "the way in"),
    ("trust.index", "a browser has to trust the server before anybody types a password"),
    ("trust.authority", "the certificate of the authority: public, and the same for everybody"),
    ("password_links.choose", "who comes by a link has no password yet"),
    ("password_links.chosen", "who comes by a link has no password yet"),
    ("second_step.check", "the way in: the code after the password"),
    ("passkey_sign_in.ask", "the way in"),
    ("passkey_sign_in.check", "the way in"),
    ("health.alive", "a monitor asks whether the process answers; says nothing else"),
    ("health.ready", "a load balancer asks whether the database answers; says nothing else"),
)
"""The only addresses without a session, each with its reason."""

UNINFORMED = ("log_notice.show", "log_notice.acknowledge", "accounts.sign_out")
"""What opens to who has not read the notice about logging yet (759/2004, section 21)."""
WITHOUT_FACTOR = (*UNINFORMED, "second_factor", "confirm")
"""Views and blueprints for who has no second factor, although a role needs one."""
