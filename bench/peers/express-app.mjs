// The peer `express`: Express with pg, jsonwebtoken and argon2. Runs in a folder where these packages are installed (peers.ts).
import { createHash, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const express = require('express');
const jwt = require('jsonwebtoken');
const { Pool } = require('pg');
const { verify } = require('@node-rs/argon2');

const { DATABASE_URL, PORT, PRIVATE_KEY, PUBLIC_KEY } = process.env;
// Parsed once: for a text, jsonwebtoken would do so at each request.
const privateKey = createPrivateKey(PRIVATE_KEY);
const publicKey = createPublicKey(PUBLIC_KEY);
const pool = new Pool({ connectionString: DATABASE_URL, max: 10 });
const app = express();
app.use(express.json());

const hashToken = (token) => createHash('sha256').update(token).digest();
const pair = (userId, refreshToken) => ({
  access_token: jwt.sign({ user_id: userId, jti: randomUUID() }, privateKey, {
    algorithm: 'ES256',
    subject: String(userId),
    expiresIn: 30,
  }),
  refresh_token: refreshToken,
});

app.post('/api/login/', async (req, res) => {
  const { rows } = await pool.query('select id, password_hash from peer_users where email = $1', [req.body.email]);
  if (rows.length === 0 || !(await verify(rows[0].password_hash, req.body.password))) return res.sendStatus(401);
  const token = randomUUID();
  await pool.query(
    "insert into peer_sessions (user_id, token_hash, expires_at) values ($1, $2, now() + interval '30 days')",
    [rows[0].id, hashToken(token)],
  );
  res.json(pair(rows[0].id, token));
});

app.post('/api/refresh/', async (req, res) => {
  const token = randomUUID();
  const { rows } = await pool.query(
    `update peer_sessions set token_hash = $1, expires_at = now() + interval '30 days'
      where token_hash = $2 and revoked_at is null and expires_at > now() returning user_id`,
    [hashToken(token), hashToken(req.body.refresh_token)],
  );
  if (rows.length === 0) return res.sendStatus(401);
  res.json(pair(rows[0].user_id, token));
});

app.post('/api/logout/', async (req, res) => {
  await pool.query('update peer_sessions set revoked_at = now() where token_hash = $1 and revoked_at is null', [
    hashToken(req.body.refresh_token),
  ]);
  res.json({});
});

app.get('/api/me/', async (req, res) => {
  let claims;
  try {
    claims = jwt.verify((req.headers.authorization ?? '').slice('Bearer '.length), publicKey, {
      algorithms: ['ES256'],
    });
  } catch {
    return res.sendStatus(401);
  }
  const { rows } = await pool.query('select id, username, email from peer_users where id = $1', [claims.user_id]);
  if (rows.length === 0) return res.sendStatus(401);
  res.json(rows[0]);
});

app.listen(Number(PORT), '127.0.0.1');
