// A session, as its owner sees it.
import { type Static, Type } from '@sinclair/typebox';
import { MAX_USER_AGENT_LENGTH } from '#platform/http/user-agent.js';
import { LISTED_SESSIONS } from '#sessions/limits.js';
import type { ListedSession } from '#sessions/repository.js';
import type { OwnSession } from '#sessions/service.js';

const instant = (description: string) => Type.String({ format: 'date-time', description: `${description} UTC.` });
const nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** The id of a session, in a path or a list. */
export const SessionId = Type.String({
  description: 'The id of a session, as in `sid` of its access tokens.',
  examples: ['967568594287'],
});

export const Session = Type.Object(
  {
    id: SessionId,
    created_at: instant('When it was begun by a login.'),
    refreshed_at: instant('When it was refreshed last.'),
    expires_at: instant('When it ends unless it is refreshed before.'),
    ip: nullable('Where the login came from.'),
    user_agent: nullable(`What the login was made with: the first ${MAX_USER_AGENT_LENGTH} characters.`),
    current: Type.Boolean({ description: 'Whether it is the session of the access token that asks.' }),
  },
  { title: 'Session', description: 'A living session.', additionalProperties: false },
);

export const SessionList = Type.Object(
  { sessions: Type.Array(Session, { maxItems: LISTED_SESSIONS }) },
  {
    title: 'SessionList',
    description: `Living sessions of the account, the one refreshed last first; at most ${LISTED_SESSIONS}.`,
    additionalProperties: false,
  },
);
export type SessionList = Static<typeof SessionList>;

/** What the example of the list answers. */
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

/** Puts a session into the words of the API. */
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

/** Puts a list of sessions into the words of the API. */
export function sessionList(sessions: readonly OwnSession[]): SessionList {
  return {
    sessions: sessions.map((each) => ({ ...session(each), current: each.current })),
  };
}
