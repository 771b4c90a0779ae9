// Audit events as the API returns them.
import { type Static, Type } from '@sinclair/typebox';
import { auditEvents, targetTypes } from '#audit/events.js';
import type { AuditRow } from '#audit/repository.js';
import { closestTimestamp } from '#platform/database/timestamp.js';
import { invalidField } from '#platform/errors/problem.js';
import { NO_TIMESTAMP } from '#platform/errors/translate.js';
import { canonicalAddress } from '#platform/http/client-address.js';
import { NullableText, Timestamp } from '../fields.js';
import { NextCursor } from './pagination.js';

/** A query parameter with names of events. */
export const EventNames = Type.String({
  maxLength: 1000,
  description: 'Names of events, separated by commas.',
});

/** Parses `EventNames`. Throws `validation_failed` for a name that is not one of an event. */
export function eventsFromQuery(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',');
  const known: readonly string[] = auditEvents;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidField('/query/event', 'must be names of events, separated by commas');
  return names;
}

/** A query parameter with the address of a client. */
export const ClientAddress = Type.String({
  maxLength: 45,
  description: 'Only requests from this IP address.',
});

/** Parses `ClientAddress` into its canonical spelling. Throws `validation_failed` for text that is not an address. */
export function addressFromQuery(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const address = canonicalAddress(text);
  if (address === undefined) throw invalidField('/query/ip', 'must be an IPv4 or IPv6 address');
  return address;
}

/** A query parameter with the type of a target. */
export const TargetType = Type.Unsafe<string>({
  type: 'string',
  enum: [...targetTypes],
  description: 'Only events with a target of this type.',
});

export const Event = Type.Object(
  {
    id: Type.Integer({ description: 'Newer events have greater ids.' }),
    at: Timestamp(),
    event: Type.String(),
    actor: Type.Object(
      {
        type: Type.String({
          description:
            '`user`, `cli` (an operator at the command line), `system` (the service) or `anonymous` (a client that was not logged in).',
        }),
        user_id: Type.Union([Type.Integer(), Type.Null()], { description: 'Set if `type` is `user`.' }),
        name: NullableText('The operating system account, if `type` is `cli`.'),
      },
      { description: 'Who performed the action.', additionalProperties: false },
    ),
    target: Type.Union(
      [
        Type.Object(
          {
            type: Type.String(),
            id: Type.String({ description: 'The id or the name of the target.' }),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { description: 'What the action affected; null if there is no specific target.' },
    ),
    session_id: NullableText('The session of the actor.'),
    ip: NullableText(),
    user_agent: NullableText('At most 512 characters.'),
    request_id: NullableText('The id of the request in the log of the service.'),
    details: Type.Object({}, { additionalProperties: true, description: 'Depends on the event.' }),
  },
  { title: 'Event', description: 'An entry of the audit log.', additionalProperties: false },
);
export type Event = Static<typeof Event>;

export const EventList = Type.Object(
  { events: Type.Array(Event, { maxItems: 100 }), next_cursor: NextCursor },
  { title: 'EventList', additionalProperties: false },
);
export type EventList = Static<typeof EventList>;

const at = '2026-11-24T02:34:50.123Z';
const origin = { ip: '203.0.113.7', user_agent: 'curl/8.14.1', request_id: 'k3v9x2c1q-1a', details: {} };

/** The events after the first account has registered and logged in. */
export const exampleEventList: EventList = {
  events: [
    {
      id: 2,
      at,
      event: 'login.succeeded',
      actor: { type: 'user', user_id: 1, name: null },
      target: { type: 'session', id: '967568594287' },
      session_id: '967568594287',
      ...origin,
    },
    {
      id: 1,
      at,
      event: 'user.registered',
      actor: { type: 'anonymous', user_id: null, name: null },
      target: { type: 'user', id: '1' },
      session_id: null,
      ...origin,
    },
  ],
  next_cursor: null,
};

/** Maps an event to its API representation. */
export function event(row: AuditRow): Event {
  const { id, at: timestamp, event: name, targetType, targetId, sessionId, ip, userAgent, requestId, details } = row;
  return {
    id,
    at: timestamp.toISOString(),
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

/** Parses an RFC 3339 timestamp in the query. Throws `validation_failed` for a leap second, which JavaScript cannot represent. */
export function timestampFromQuery(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw invalidField(`/query/${name}`, NO_TIMESTAMP);
  return closestTimestamp(milliseconds);
}
