// The commands of docs/moving.md make files from other systems, and their users sign in here. Django is the real one; the others are their
// tables or files, as their documentation describes them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as argon2Hash } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import t, { type Test } from 'tap';
import { emptyDatabase } from '../../support/database.js';
import { unlessInstalled } from '../../support/installed.js';
import { codeBlocks } from '../../support/page.js';
import { rowsOf } from '../../support/rows.js';
import { transferOf } from './transfer.js';

const PYTHON = '/usr/bin/python3';
const SIGNER_KEY = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';
const PASSWORD = 'user1password';

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const djangoMissing = unlessInstalled(
  has(PYTHON, '-c', 'import django, argon2, bcrypt'),
  'python3-django python3-argon2 python3-bcrypt',
);
const psqlMissing = unlessInstalled(has('psql', '--version'), 'postgresql-client');
const jqMissing = unlessInstalled(has('jq', '--version'), 'jq');

async function temporaryFolder(t: Pick<Test, 'teardown'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-moving-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The block of shell commands of the page that contains `text`. */
function block(text: string): string {
  const found = codeBlocks('moving.md', 'sh').find((each) => each.includes(text));
  if (found === undefined) throw new Error(`docs/moving.md has no block with ${text}`);
  return found;
}

/** Runs a script, and returns its output. */
async function run(
  folder: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const { PATH = '' } = process.env;
  const child = spawn(program, args, { cwd: folder, env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors}`);
  return output;
}

/** Runs a block of the page in `folder`, and returns the file that it writes. */
async function made(folder: string, text: string, env: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  await run(folder, 'bash', ['-euo', 'pipefail', '-c', text], env);
  return readFile(join(folder, 'users.jsonl'));
}

t.test('users of Django keep their passwords, with each hasher', { skip: djangoMissing }, async (t) => {
  const folder = await temporaryFolder(t);
  const [script = ''] = codeBlocks('moving.md', 'python');
  await writeFile(join(folder, 'export_users.py'), script);
  const hashers = ['PBKDF2', 'PBKDF2SHA1', 'Argon2', 'BCryptSHA256', 'BCrypt', 'Scrypt'];
  await writeFile(
    join(folder, 'project.py'),
    `
import django.contrib.auth.hashers as hashers
SECRET_KEY = "of no use here"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
import os
USE_TZ = os.environ["USE_TZ"] == "yes"
TIME_ZONE = "Europe/Berlin"
PASSWORD_HASHERS = ["django.contrib.auth.hashers." + name + "PasswordHasher" for name in ${JSON.stringify(hashers)}
                    if hasattr(hashers, name + "PasswordHasher")]
`,
  );
  // Scrypt came with Django 4.0; test/src/passwords has the vectors of its own tests.
  await writeFile(
    join(folder, 'make_users.py'),
    `
import datetime, json
import django
django.setup()
from django.conf import settings
from django.contrib.auth.hashers import get_hashers, make_password
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
algorithms = [hasher.algorithm for hasher in get_hashers()]
joined = datetime.datetime(2020, 7, 1, 12, 0, 0, 123456, datetime.timezone.utc if settings.USE_TZ else None)
for algorithm in algorithms:
    User.objects.create(username=algorithm, email=algorithm + "@Example.com", date_joined=joined,
                        password=make_password("pässword of " + algorithm, hasher=algorithm))
User.objects.create_user("gone", "gone@example.com", "password", is_active=False)
User.objects.create_user("unusable", "unusable@example.com")
User.objects.create_user("without-address", None, "password")
print(json.dumps(algorithms))
`,
  );
  for (const useTz of ['yes', 'no']) {
    const env = { DJANGO_SETTINGS_MODULE: 'project', USE_TZ: useTz };
    await rm(join(folder, 'db.sqlite3'), { force: true });
    const algorithms: string[] = JSON.parse(await run(folder, PYTHON, ['make_users.py'], env));
    t.ok(algorithms.length >= 5, algorithms.join());
    const exported = await run(folder, PYTHON, ['export_users.py'], env);

    const { rows, importBytes, status } = await transferOf(t);
    t.match(await importBytes(exported), { created: algorithms.length + 2, refused: [], ignoredFields: [] });
    for (const algorithm of algorithms) {
      const email = `${algorithm}@example.com`;
      t.equal(await status(email, `pässword of ${algorithm}!`), 401, email);
      t.equal(await status(email, `pässword of ${algorithm}`), 200, email);
      const [user] = await rows`
        select username, password_hash, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as created
        from users where email = ${email}`;
      t.match(user, { username: algorithm, password_hash: /^\$argon2id\$/ });
      t.equal(user?.created, `2020-07-01 ${useTz === 'yes' ? '12' : '10'}:00:00.123456`);
    }
    t.equal(await status('gone@example.com', 'password'), 401);
    t.equal((await rows`select id from users where password_hash is null`).length, 1);
  }
});

t.test('users of Supabase, Devise and better-auth keep their passwords', { skip: psqlMissing }, async (t) => {
  const folder = await temporaryFolder(t);
  const url = await emptyDatabase(t);
  const sql = rowsOf(t, url);
  const bcrypt = (await bcryptHash(PASSWORD, 10)).replace('$2b$', '$2a$');
  const betterAuth =
    '75cb69090c22f98c5abae8f0d9ef1d6d:884d567e1852e2dfc534193bd7bb3fccdaf4aae57c03e9a315c410796e2a000f4cdf7d33811e4bbbb9bc35803e42e7e335145ddc40f5d0d35b1ea1721a92a3c9';
  const created = '2020-07-01 12:00:00.123456';
  await sql`create schema auth`;
  await sql`
    create table auth.users (id uuid default gen_random_uuid(), email varchar(255), encrypted_password varchar(255),
      email_confirmed_at timestamptz, banned_until timestamptz, deleted_at timestamptz, is_sso_user boolean not null default false,
      created_at timestamptz)`;
  await sql`
    insert into auth.users (email, encrypted_password, email_confirmed_at, banned_until, deleted_at, is_sso_user, created_at) values
      ('user@example.com', ${bcrypt}, now(), null, null, false, ${`${created}Z`}::text::timestamptz), ('oauth@example.com', '', now(), null, null, false, now()),
      ('gone@example.com', ${bcrypt}, null, now() + interval '1 day', null, false, now()),
      ('user@example.com', null, now(), null, null, true, now()), (null, null, null, null, null, false, now()),
      ('deleted@example.com', ${bcrypt}, null, null, now(), false, now())`;
  await sql`create table users (id bigserial, email text, encrypted_password text, created_at timestamp(6))`;
  await sql`insert into users (email, encrypted_password, created_at) values ('user@example.com', ${bcrypt}, ${created}::text::timestamp)`;
  await sql`create table "user" (id text, name text, email text, "emailVerified" boolean, "createdAt" timestamp)`;
  await sql`create table account (id text, "userId" text, "providerId" text, password text)`;
  await sql`
    insert into "user" values ('u1', 'Jane "J" O''Hara', 'user@example.com', true, ${created}::text::timestamp), ('u2', 'X', 'oauth@example.com', false, now())`;
  await sql`
    insert into account values ('a1', 'u1', 'credential', ${betterAuth}), ('a2', 'u1', 'github', null), ('a3', 'u2', 'github', null)`;

  // A server with other settings must not change what the file says.
  const env = { PGTZ: 'Asia/Kolkata', PGCLIENTENCODING: 'UTF8', PGOPTIONS: '-c datestyle=German' };
  for (const [variable, accounts] of [
    ['SUPABASE_DB_URL', 3],
    ['RAILS_DB_URL', 1],
    ['BETTER_AUTH_DB_URL', 2],
  ] as const) {
    const bytes = await made(folder, block(variable), { ...env, [variable]: url });
    const { rows, importBytes, status } = await transferOf(t);
    t.match(await importBytes(bytes), { created: accounts, refused: [], ignoredFields: [] }, variable);
    t.equal(await status('user@example.com', PASSWORD), 200, variable);
    t.equal(await status('gone@example.com', PASSWORD), 401);
    const [user] = await rows`
      select username, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as created,
        email_verified_at is not null as verified from users where email = 'user@example.com'`;
    t.equal(user?.created, created, variable);
    t.equal(user?.verified, variable !== 'RAILS_DB_URL');
    if (variable === 'BETTER_AUTH_DB_URL') t.equal(user?.username, 'Jane "J" O\'Hara');
  }
});

t.test('users of Auth0 keep their passwords', { skip: jqMissing }, async (t) => {
  const folder = await temporaryFolder(t);
  const passwordHash = await bcryptHash(PASSWORD, 10);
  const common = {
    passwordHash,
    tenant: 'example',
    connection: 'Username-Password-Authentication',
    _tmp_is_unique: true,
  };
  const users = [
    { _id: { $oid: '5dea9f9c82dd7c0e76e4ec93' }, email: 'user@example.com', email_verified: true, ...common },
    { identifiers: [{ type: 'email', value: 'other@example.com', verified: false }], ...common },
    { identifiers: [{ type: 'phone', value: '+1', verified: true }], ...common },
  ];
  await writeFile(join(folder, 'auth0.ndjson'), users.map((user) => `${JSON.stringify(user)}\n`).join(''));
  const { importBytes, status } = await transferOf(t);
  const bytes = await made(folder, block('auth0.ndjson'));
  t.match(await importBytes(bytes), { created: 2, refused: [[3, 'email_missing']], ignoredFields: [] });
  for (const email of ['user@example.com', 'other@example.com']) t.equal(await status(email, PASSWORD), 200, email);
});

t.test('users of Keycloak keep their passwords', { skip: jqMissing }, async (t) => {
  const folder = await temporaryFolder(t);
  const [, , , , salt, value] = (await argon2Hash(PASSWORD, { memoryCost: 7168, timeCost: 5, parallelism: 1 })).split(
    '$',
  );
  const padded = (text = '') => text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  const password = (algorithm: string) => ({
    type: 'password',
    secretData: JSON.stringify({ value: padded(value), salt: padded(salt), additionalParameters: {} }),
    credentialData: JSON.stringify({
      hashIterations: 5,
      algorithm,
      additionalParameters: {
        hashLength: ['32'],
        memory: ['7168'],
        type: ['id'],
        version: ['1.3'],
        parallelism: ['1'],
      },
    }),
  });
  const common = { emailVerified: true, enabled: true, createdTimestamp: 1593604800123 };
  const users = [
    {
      ...common,
      username: 'jane',
      email: 'user@example.com',
      firstName: 'Jane',
      lastName: 'Smith',
      credentials: [password('argon2')],
    },
    { ...common, username: 'old', email: 'old@example.com', enabled: false, credentials: [password('pbkdf2-sha256')] },
    { ...common, username: 'federated', email: 'federated@example.com', emailVerified: false, credentials: [] },
    { ...common, username: 'service-account', email: null },
  ];
  await writeFile(join(folder, 'realm.json'), JSON.stringify({ realm: 'my-realm', users }));
  const { rows, importBytes, status } = await transferOf(t);
  const bytes = await made(folder, block('kc.sh export').replace(/^bin\/kc\.sh .*\n/, ''));
  t.match(await importBytes(bytes), { created: 3, refused: [], ignoredFields: [] });
  t.equal(await status('user@example.com', PASSWORD), 200);
  const found = await rows`
    select email, username, password_hash is null as without, disabled_at is not null as disabled,
      created_at = '2020-07-01T12:00:00Z' as created from users order by id`;
  t.strictSame(
    found.map((row) => Object.values(row)),
    [
      ['user@example.com', 'Jane Smith', false, false, true],
      ['old@example.com', '', true, true, true],
      ['federated@example.com', '', true, false, true],
    ],
  );
});

t.test('users of Firebase keep their passwords', { skip: jqMissing }, async (t) => {
  const folder = await temporaryFolder(t);
  const users = [
    {
      localId: 'a',
      email: 'user@example.com',
      emailVerified: true,
      displayName: 'Jane',
      passwordHash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
      salt: '42xEC+ixf3L2lw==',
      createdAt: '1593604800123',
      lastSignedInAt: '1593604800123',
      providerUserInfo: [],
    },
    { localId: 'b', email: 'google@example.com', emailVerified: true, createdAt: '1593604800123', disabled: true },
    { localId: 'c', phoneNumber: '+1', createdAt: '1593604800123' },
  ];
  await writeFile(join(folder, 'firebase.json'), JSON.stringify({ users }));
  const commands = block('firebase auth:export').replace(/^firebase .*\n/, '');
  const { rows, importBytes, status } = await transferOf(t, { FIREBASE_SIGNER_KEY: SIGNER_KEY });
  t.match(await importBytes(await made(folder, commands)), { created: 2, refused: [], ignoredFields: [] });
  t.equal(await status('user@example.com', PASSWORD), 200);
  const [user] = await rows`
    select username, created_at = '2020-07-01T12:00:00Z' as created from users where email = 'user@example.com'`;
  t.match(user, { username: 'Jane', created: true });
  t.equal((await rows`select id from users where password_hash is null and disabled_at is not null`).length, 1);
});
