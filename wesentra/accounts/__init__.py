"""Who may come in: users, their roles from–to, sign-in and sessions."""
