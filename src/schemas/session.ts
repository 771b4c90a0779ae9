// Sessions, as the API shows them.
import { type Static, Type } from '@sinclair/typebox';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import { LISTED_SESSIONS } from '#sessions/limits.js';
import type { ListedSession } from '#sessions/repository.js';
import type { OwnSession } from '#sessions/service.js';
import { NullableText, Timestamp } from './fields.js';

/** The id of a session, in a path or a list. */
export const SessionId = Type.String({
  description: 'The id of a session: the `sid` claim of its access tokens.',
  examples: ['967568594287'],
});

export const Session = Type.Object(
  {
    id: SessionId,
    created_at: Timestamp(),
    refreshed_at: Timestamp(),
    expires_at: Timestamp('When the session ends unless it is refreshed before.'),
    ip: NullableText('The IP address of the login.'),
    user_agent: NullableText(`The \`User-Agent\` of the login, cut to ${MAX_USER_AGENT_LENGTH} characters.`),
    current: Type.Boolean({ description: 'Whether this is the session of the access token in the request.' }),
  },
  { title: 'Session', additionalProperties: false },
);

export const SessionList = Type.Object(
  { sessions: Type.Array(Session, { maxItems: LISTED_SESSIONS }) },
  {
    title: 'SessionList',
    additionalProperties: false,
  },
);
export type SessionList = Static<typeof SessionList>;

/** The example of a list. */
export const exampleSessionList: SessionList = {
  sessions: [
    {
      id: '967568594287',
      created_at: '2026-11-24T02:34:50.123Z',
      refreshed_at: '2026-11-24T02:34:50.123Z',
      expires_at: '2026-12-24T02:34:50.123Z',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      current: true,
    },
  ],
};

/** The API form of a session. */
export function session({ id, createdAt, refreshedAt, expiresAt, ip, userAgent }: ListedSession) {
  return {
    id: String(id),
    created_at: createdAt.toISOString(),
    refreshed_at: refreshedAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    ip,
    user_agent: userAgent,
  };
}

/** The API form of a list of sessions. */
export function sessionList(sessions: readonly OwnSession[]): SessionList {
  return {
    sessions: sessions.map((each) => ({ ...session(each), current: each.current })),
  };
}
