// The audit log, as operators read it.
import { type Static, Type } from '@sinclair/typebox';
import { auditEvents, targetTypes } from '#audit/events.js';
import type { AuditRow } from '#audit/repository.js';
import { invalidField } from '#platform/errors/problem.js';
import { NextCursor } from './pagination.js';

const Nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** One of the names of events. */
export const EventName = Type.Unsafe<string>({
  type: 'string',
  enum: [...auditEvents],
  description: 'What was done.',
});

/** What an event may be on. */
export const TargetType = Type.Unsafe<string>({
  type: 'string',
  enum: [...targetTypes],
  description: 'What kind of thing it was done on.',
});

export const Event = Type.Object(
  {
    id: Type.Integer({ description: 'Grows from event to event.' }),
    at: Type.String({ format: 'date-time', description: 'When. UTC.' }),
    event: Type.String({ description: 'What was done.' }),
    actor: Type.Object(
      {
        type: Type.String({
          description:
            '`user`, `cli` (the command line), `system` (the service by itself), `anonymous` (nobody had logged in).',
        }),
        user_id: Type.Union([Type.Integer(), Type.Null()], { description: 'Of a user.' }),
        name: Nullable('Of the command line: the account of the operating system.'),
      },
      { description: 'Who did it.', additionalProperties: false },
    ),
    target: Type.Union(
      [
        Type.Object(
          { type: Type.String({ description: 'Its kind.' }), id: Type.String({ description: 'Which one.' }) },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { description: 'What it was done on; null where that is nothing in particular.' },
    ),
    session_id: Nullable('The session that it was done with.'),
    ip: Nullable('Where the request came from.'),
    user_agent: Nullable('What it was made with: the first 512 characters.'),
    request_id: Nullable('Finds the request in the log of the service.'),
    details: Type.Object({}, { additionalProperties: true, description: 'What changed; depends on the event.' }),
  },
  { title: 'Event', description: 'An act that somebody may ask about later.', additionalProperties: false },
);
export type Event = Static<typeof Event>;

export const EventList = Type.Object(
  { events: Type.Array(Event, { maxItems: 100 }), next_cursor: NextCursor },
  { title: 'EventList', description: 'Events, the newest first.', additionalProperties: false },
);
export type EventList = Static<typeof EventList>;

const at = '2026-11-24T02:34:50.123Z';
const whence = { ip: '203.0.113.7', user_agent: 'curl/8.14.1', request_id: 'k3v9x2c1q-1a', details: {} };

/** The events of a service where the first account has registered and logged in. */
export const exampleEventList: EventList = {
  events: [
    {
      id: 2,
      at,
      event: 'login.succeeded',
      actor: { type: 'user', user_id: 1, name: null },
      target: { type: 'session', id: '967568594287' },
      session_id: '967568594287',
      ...whence,
    },
    {
      id: 1,
      at,
      event: 'user.registered',
      actor: { type: 'anonymous', user_id: null, name: null },
      target: { type: 'user', id: '1' },
      session_id: null,
      ...whence,
    },
  ],
  next_cursor: null,
};

/** Puts an event into the words of the API. */
export function event(row: AuditRow): Event {
  const { id, at: instant, event: name, targetType, targetId, sessionId, ip, userAgent, requestId, details } = row;
  return {
    id,
    at: instant.toISOString(),
    event: name,
    actor: { type: row.actorType, user_id: row.actorId, name: row.actorName },
    target: targetType === null || targetId === null ? null : { type: targetType, id: targetId },
    session_id: sessionId === null ? null : String(sessionId),
    ip,
    user_agent: userAgent,
    request_id: requestId,
    details: details as Event['details'],
  };
}

// The range of times that Postgres and JavaScript write in the same way.
const FIRST = 0;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** An RFC 3339 time in the query. Throws `validation_failed` for a leap second, which JavaScript cannot represent. */
export function timestampFromQuery(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw invalidField(`/query/${name}`, 'must match format "date-time"');
  return new Date(Math.min(Math.max(milliseconds, FIRST), LAST));
}
