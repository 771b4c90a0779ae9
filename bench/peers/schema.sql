-- The tables of the peers: what a small service of its own needs for the same operations.
create table peer_users (
  id integer primary key,
  email text not null unique,
  username text not null default '',
  password_hash text not null
);

create table peer_sessions (
  id bigint generated always as identity primary key,
  user_id integer not null references peer_users,
  -- SHA-256 of the refresh token, which each refresh replaces.
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
