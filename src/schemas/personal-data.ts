// What the owner of an account may know, as the API shows it.
import { Readable } from 'node:stream';
import { type Static, type TArray, type TSchema, Type } from '@sinclair/typebox';
import type {
  StoredDevice,
  StoredEvent,
  StoredFactor,
  StoredMail,
  StoredPasskey,
  StoredRecoveryCode,
  StoredSession,
  StoredToken,
} from '#personal-data/repository.js';
import type { Export, OwnAccount } from '#personal-data/service.js';
import { LISTED_SESSIONS } from '#sessions/limits.js';
import { methodsOf } from '#tokens/authentication.js';
import { NullableText, NullableTimestamp, Timestamp } from './fields.js';
import { exampleProfile, Profile } from './user.js';

export const AccountDetails = Type.Object(
  {
    ...Profile.properties,
    email_verified: Type.Boolean(),
    pending_email: NullableText('The address that the account gets when you confirm it.'),
    has_password: Type.Boolean(),
    has_second_factor: Type.Boolean({ description: 'Whether a login asks for a second factor.' }),
    roles: Type.Array(Type.String()),
    locale: NullableText('The language of e-mails to you, as a BCP 47 tag.'),
    sessions: Type.Integer({
      minimum: 0,
      maximum: LISTED_SESSIONS,
      description: `Your active sessions; at most ${LISTED_SESSIONS} are counted.`,
    }),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    deletion_due_at: NullableTimestamp('When the account will be deleted, because you asked for it.'),
  },
  {
    title: 'AccountDetails',
    description: 'Everything about an account except its history.',
    additionalProperties: false,
  },
);
export type AccountDetails = Static<typeof AccountDetails>;

const ExportedSession = Type.Object(
  {
    id: Type.String(),
    created_at: Timestamp(),
    refreshed_at: Timestamp(),
    expires_at: Timestamp(),
    ip: NullableText(),
    user_agent: NullableText(),
    authentication_methods: Type.Array(Type.String()),
    authenticated_at: NullableTimestamp(),
    ended: Type.Boolean({ description: 'Whether the session was ended before it expired.' }),
    ended_at: NullableTimestamp(),
    ended_reason: NullableText(),
  },
  { additionalProperties: false },
);

const ExportedEvent = Type.Object(
  {
    at: Timestamp(),
    event: Type.String(),
    by: Type.Union(
      [Type.Literal('you'), Type.Literal('operator'), Type.Literal('service'), Type.Literal('anonymous')],
      { description: 'Who acted. `anonymous`: a client that was not logged in.' },
    ),
    session_id: NullableText(),
    ip: NullableText(),
    user_agent: NullableText(),
    details: Type.Object({}, { additionalProperties: true }),
  },
  { additionalProperties: false },
);

const ExportedToken = Type.Object(
  {
    purpose: Type.String(),
    email: Type.String(),
    attempts: Type.Integer({ description: 'The number of codes that were tried.' }),
    created_at: Timestamp(),
    expires_at: Timestamp(),
    used_at: NullableTimestamp('When it was used, or became invalid.'),
  },
  { additionalProperties: false },
);

const ExportedMail = Type.Object(
  {
    kind: Type.String(),
    recipient: Type.String(),
    locale: NullableText(),
    state: Type.String({ description: '`waiting`, `sent`, or `dead`: it could not be delivered.' }),
    created_at: Timestamp(),
    sent_at: NullableTimestamp(),
  },
  { additionalProperties: false },
);

const ExportedFactor = Type.Object(
  {
    type: Type.Literal('totp'),
    name: Type.String(),
    created_at: Timestamp(),
    confirmed_at: NullableTimestamp(),
    last_used_at: NullableTimestamp(),
  },
  { additionalProperties: false },
);

const ExportedPasskey = Type.Object(
  {
    name: Type.String(),
    credential_id: Type.String({ description: 'How the device names the passkey, in base64url.' }),
    backed_up: Type.Boolean(),
    counter: Type.Integer(),
    transports: Type.Array(Type.String()),
    created_at: Timestamp(),
    last_used_at: NullableTimestamp(),
  },
  { additionalProperties: false },
);

const ExportedRecoveryCode = Type.Object(
  {
    created_at: Timestamp(),
    used_at: NullableTimestamp(),
  },
  { additionalProperties: false },
);

/**
 * A list for people rather than programs: the OpenAPI document says only that it has objects, whose members their names explain. `_item`
 * types the code that makes them.
 */
function objectsOf<T extends TSchema>(_item: T, description?: string): TArray<T> {
  const anyObject = Type.Unsafe<Static<T>>({ type: 'object', additionalProperties: true });
  return Type.Array(anyObject, description === undefined ? {} : { description }) as unknown as TArray<T>;
}

export const AccountExport = Type.Object(
  {
    exported_at: Timestamp(),
    account: AccountDetails,
    sessions: objectsOf(ExportedSession, 'Active and ended sessions, unordered.'),
    events: Type.Array(ExportedEvent, {
      description: 'The audit log: first what you did, then what others did with the account.',
    }),
    known_devices: Type.Array(Type.Object({ seen_at: Timestamp() }, { additionalProperties: false }), {
      description: 'When devices that you logged in from were last used.',
    }),
    email_tokens: objectsOf(
      ExportedToken,
      'Links and codes sent by e-mail, and logins that asked for a second factor.',
    ),
    second_factors: objectsOf(ExportedFactor),
    passkeys: objectsOf(ExportedPasskey),
    recovery_codes: objectsOf(ExportedRecoveryCode),
    mails: objectsOf(ExportedMail),
  },
  {
    title: 'AccountExport',
    description: 'Everything that is stored about an account, except credentials.',
    additionalProperties: false,
  },
);

export const exampleAccountDetails: AccountDetails = {
  ...exampleProfile,
  email_verified: false,
  pending_email: null,
  has_password: true,
  has_second_factor: false,
  roles: [],
  locale: null,
  sessions: 1,
  created_at: '2026-11-24T02:34:50.123Z',
  updated_at: '2026-11-24T02:34:50.123Z',
  deletion_due_at: null,
};

export const exampleAccountExport: Static<typeof AccountExport> = {
  exported_at: '2026-11-24T08:00:00.000Z',
  account: exampleAccountDetails,
  sessions: [
    {
      id: '967568594287',
      created_at: '2026-11-24T02:34:50.123Z',
      refreshed_at: '2026-11-24T02:34:50.123Z',
      expires_at: '2026-12-24T02:34:50.123Z',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      authentication_methods: ['pwd'],
      authenticated_at: null,
      ended: false,
      ended_at: null,
      ended_reason: null,
    },
  ],
  events: [
    {
      at: '2026-11-24T02:34:50.123Z',
      event: 'login.succeeded',
      by: 'you',
      session_id: '967568594287',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      details: {},
    },
    {
      at: '2026-11-24T02:34:50.123Z',
      event: 'user.exported',
      by: 'you',
      session_id: '967568594287',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      details: {},
    },
    {
      at: '2026-11-24T02:34:50.123Z',
      event: 'user.registered',
      by: 'anonymous',
      session_id: null,
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      details: {},
    },
  ],
  known_devices: [],
  email_tokens: [],
  second_factors: [],
  passkeys: [],
  recovery_codes: [],
  mails: [],
};

/** The API form of an account, for its owner. */
export function accountDetails({ account, sessions }: OwnAccount): AccountDetails {
  const { id, username, email, emailVerified, pendingEmail, hasPassword, hasSecondFactor, roles, locale } = account;
  return {
    id,
    username,
    email,
    email_verified: emailVerified,
    pending_email: pendingEmail,
    has_password: hasPassword,
    has_second_factor: hasSecondFactor,
    roles: [...roles],
    locale,
    sessions,
    created_at: account.createdAt.toISOString(),
    updated_at: account.updatedAt.toISOString(),
    deletion_due_at: account.deletionDueAt?.toISOString() ?? null,
  };
}

/** The API form of an export, as a stream that reads each page when the client has received those before it. */
export function accountExport(exported: Export, exportedAt: Date): Readable {
  const stream = Readable.from(textOf(exported, exportedAt), { objectMode: false });
  // Also when it is destroyed before it was read, for which a `finally` of the generator would not run.
  return stream.once('close', exported.close);
}

async function* textOf({ lists, ...summary }: Export, exportedAt: Date) {
  yield `{"exported_at":${JSON.stringify(exportedAt)},"account":${JSON.stringify(accountDetails(summary))}`;
  yield* listOf('sessions', lists.sessions, exportedSession);
  yield* listOf('events', lists.events, exportedEvent);
  yield* listOf('known_devices', lists.devices, exportedDevice);
  yield* listOf('email_tokens', lists.tokens, exportedToken);
  yield* listOf('second_factors', lists.factors, exportedFactor);
  yield* listOf('passkeys', lists.passkeys, exportedPasskey);
  yield* listOf('recovery_codes', lists.recoveryCodes, exportedRecoveryCode);
  yield* listOf('mails', lists.mails, exportedMail);
  yield '}\n';
}

async function* listOf<Row>(name: string, pages: AsyncIterable<readonly Row[]>, form: (row: Row) => object) {
  let separator = `,"${name}":[`;
  for await (const rows of pages) {
    const text = rows.map((row) => JSON.stringify(form(row))).join();
    if (text === '') continue;
    yield separator + text;
    separator = ',';
  }
  yield separator === ',' ? ']' : `${separator}]`;
}

function exportedSession(row: StoredSession): Static<typeof ExportedSession> {
  return {
    id: String(row.id),
    created_at: row.createdAt.toISOString(),
    refreshed_at: row.refreshedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    ip: row.ip,
    user_agent: row.userAgent,
    authentication_methods: methodsOf(row.amr),
    authenticated_at: row.authenticatedAt?.toISOString() ?? null,
    ended: row.isEnded,
    ended_at: row.endedAt?.toISOString() ?? null,
    ended_reason: row.endedReason,
  };
}

function exportedEvent(row: StoredEvent): Static<typeof ExportedEvent> {
  const others = { user: 'operator', cli: 'operator', system: 'service' } as const;
  return {
    at: row.at.toISOString(),
    event: row.event,
    by: row.isOwn ? 'you' : (others[row.actorType as keyof typeof others] ?? 'anonymous'),
    session_id: row.isOwn && row.sessionId !== null ? String(row.sessionId) : null,
    ip: row.ip,
    user_agent: row.userAgent,
    details: row.details as object,
  };
}

function exportedDevice({ seenAt }: StoredDevice) {
  return { seen_at: seenAt.toISOString() };
}

function exportedToken(row: StoredToken): Static<typeof ExportedToken> {
  return {
    purpose: row.purpose,
    email: row.email,
    attempts: row.attempts,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    used_at: row.usedAt?.toISOString() ?? null,
  };
}

function exportedFactor({ name, createdAt, confirmedAt, lastUsedAt }: StoredFactor): Static<typeof ExportedFactor> {
  return {
    type: 'totp',
    name,
    created_at: createdAt.toISOString(),
    confirmed_at: confirmedAt?.toISOString() ?? null,
    last_used_at: lastUsedAt?.toISOString() ?? null,
  };
}

function exportedPasskey(row: StoredPasskey): Static<typeof ExportedPasskey> {
  const { name, backedUp, counter, transports } = row;
  return {
    name,
    credential_id: row.credentialId.toString('base64url'),
    backed_up: backedUp,
    counter,
    transports,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
  };
}

function exportedRecoveryCode({ createdAt, usedAt }: StoredRecoveryCode): Static<typeof ExportedRecoveryCode> {
  return { created_at: createdAt.toISOString(), used_at: usedAt?.toISOString() ?? null };
}

function exportedMail(row: StoredMail): Static<typeof ExportedMail> {
  const { kind, recipient, locale, state } = row;
  const created = row.createdAt.toISOString();
  return { kind, recipient, locale, state, created_at: created, sent_at: row.sentAt?.toISOString() ?? null };
}
