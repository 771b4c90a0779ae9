"""The peer `fastapi`: FastAPI on uvicorn with asyncpg, PyJWT and argon2-cffi, as their documentation combines them."""
import asyncio
import hashlib
import os
import time
import uuid

import asyncpg
import jwt
import uvicorn
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

# Parsed once: for a text, PyJWT would do so at each request.
KEY = load_pem_private_key(os.environ["PRIVATE_KEY"].encode(), None)
PUBLIC_KEY = load_pem_public_key(os.environ["PUBLIC_KEY"].encode())
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
app = FastAPI()
bearer = HTTPBearer()


class Credentials(BaseModel):
    email: str
    password: str


class RefreshToken(BaseModel):
    refresh_token: str


class Pair(BaseModel):
    access_token: str
    refresh_token: str


class Profile(BaseModel):
    id: int
    username: str
    email: str


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def pair(user_id: int, refresh_token: str) -> Pair:
    now = int(time.time())
    claims = {"sub": str(user_id), "user_id": user_id, "iat": now, "exp": now + 30, "jti": uuid.uuid4().hex}
    return Pair(access_token=jwt.encode(claims, KEY, algorithm="ES256"), refresh_token=refresh_token)


@app.on_event("startup")
async def connect() -> None:
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10)


@app.post("/api/login/", response_model=Pair)
async def login(body: Credentials):
    user = await app.state.pool.fetchrow("select id, password_hash from peer_users where email = $1", body.email)
    try:
        # In a thread, so that others are served meanwhile.
        await asyncio.get_running_loop().run_in_executor(None, hasher.verify, user["password_hash"], body.password)
    except (VerifyMismatchError, TypeError):
        raise HTTPException(401)
    token = str(uuid.uuid4())
    await app.state.pool.execute(
        "insert into peer_sessions (user_id, token_hash, expires_at) values ($1, $2, now() + interval '30 days')",
        user["id"], hash_token(token))
    return pair(user["id"], token)


@app.post("/api/refresh/", response_model=Pair)
async def refresh(body: RefreshToken):
    token = str(uuid.uuid4())
    user_id = await app.state.pool.fetchval(
        "update peer_sessions set token_hash = $1, expires_at = now() + interval '30 days'"
        " where token_hash = $2 and revoked_at is null and expires_at > now() returning user_id",
        hash_token(token), hash_token(body.refresh_token))
    if user_id is None:
        raise HTTPException(401)
    return pair(user_id, token)


@app.post("/api/logout/")
async def logout(body: RefreshToken):
    await app.state.pool.execute(
        "update peer_sessions set revoked_at = now() where token_hash = $1 and revoked_at is null",
        hash_token(body.refresh_token))
    return {}


@app.get("/api/me/", response_model=Profile)
async def me(credentials: HTTPAuthorizationCredentials = Depends(bearer)):
    try:
        claims = jwt.decode(credentials.credentials, PUBLIC_KEY, algorithms=["ES256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401)
    user = await app.state.pool.fetchrow("select id, username, email from peer_users where id = $1", claims["user_id"])
    if user is None:
        raise HTTPException(401)
    return Profile(**user)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
