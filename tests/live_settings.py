"""The site's own settings but for one: passwords are hashed in no time, as many people sign in."""

from roleassess.settings import *  # noqa: F403 - all the others are the point

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
