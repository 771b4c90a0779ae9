"""The peer `django`: Django's views and ORM on gunicorn with threads, with PyJWT and argon2-cffi."""
import hashlib
import json
import os
import time
import uuid
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import django
import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings

url = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path[1:],
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname,
            "PORT": url.port,
            # One connection for each thread, which is kept.
            "CONN_MAX_AGE": None,
        }
    },
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=uuid.uuid4().hex,
    USE_TZ=True,
)
django.setup()

from django.db import models  # noqa: E402 (settings come first)
from django.http import HttpResponse, JsonResponse  # noqa: E402 (settings come first)
from django.urls import path  # noqa: E402 (settings come first)
from django.utils import timezone  # noqa: E402 (settings come first)
from django.views.decorators.csrf import csrf_exempt  # noqa: E402 (settings come first)
from django.core.wsgi import get_wsgi_application  # noqa: E402 (settings come first)

# Parsed once: for a text, PyJWT would do so at each request.
KEY = load_pem_private_key(os.environ["PRIVATE_KEY"].encode(), None)
PUBLIC_KEY = load_pem_public_key(os.environ["PUBLIC_KEY"].encode())
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


class User(models.Model):
    email = models.TextField(unique=True)
    username = models.TextField(default="")
    password_hash = models.TextField()

    class Meta:
        app_label = "peer"
        db_table = "peer_users"
        managed = False


class Session(models.Model):
    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "peer"
        db_table = "peer_sessions"
        managed = False


def hash_token(token):
    return hashlib.sha256(token.encode()).digest()


def expiry():
    return timezone.now() + timedelta(days=30)


def live(token):
    return Session.objects.filter(token_hash=hash_token(token), revoked_at=None, expires_at__gt=timezone.now())


def pair(user_id, refresh_token):
    now = int(time.time())
    claims = {"sub": str(user_id), "user_id": user_id, "iat": now, "exp": now + 30, "jti": uuid.uuid4().hex}
    return JsonResponse({"access_token": jwt.encode(claims, KEY, algorithm="ES256"), "refresh_token": refresh_token})


@csrf_exempt
def login(request):
    body = json.loads(request.body)
    user = User.objects.filter(email=body["email"]).first()
    try:
        hasher.verify(user.password_hash, body["password"])
    except (VerifyMismatchError, AttributeError):
        return HttpResponse(status=401)
    token = str(uuid.uuid4())
    Session.objects.create(user_id=user.id, token_hash=hash_token(token), expires_at=expiry())
    return pair(user.id, token)


@csrf_exempt
def refresh(request):
    session = live(json.loads(request.body)["refresh_token"])
    found = session.values("id", "user_id", "token_hash").first()
    token = str(uuid.uuid4())
    # Conditional, so that of two refreshes with one token one succeeds.
    if found is None or session.update(token_hash=hash_token(token), expires_at=expiry()) == 0:
        return HttpResponse(status=401)
    return pair(found["user_id"], token)


@csrf_exempt
def logout(request):
    live(json.loads(request.body)["refresh_token"]).update(revoked_at=timezone.now())
    return JsonResponse({})


def me(request):
    try:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        claims = jwt.decode(token, PUBLIC_KEY, algorithms=["ES256"])
    except jwt.InvalidTokenError:
        return HttpResponse(status=401)
    user = User.objects.filter(id=claims["user_id"]).first()
    if user is None:
        return HttpResponse(status=401)
    profile = {"id": user.id, "username": user.username, "email": user.email}
    return JsonResponse(profile, json_dumps_params={"separators": (",", ":")})


urlpatterns = [
    path("api/login/", login),
    path("api/refresh/", refresh),
    path("api/logout/", logout),
    path("api/me/", me),
]
application = get_wsgi_application()
