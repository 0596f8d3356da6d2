"""Single sign-on by OpenID Connect: an extra, which changes nothing where it is not set up."""
