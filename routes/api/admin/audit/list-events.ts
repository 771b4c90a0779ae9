// GET /api/admin/audit/: lists audit events.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import {
  addressFromQuery,
  ClientAddress,
  EventList,
  EventNames,
  event,
  eventsFromQuery,
  exampleEventList,
  TargetType,
  timestampFromQuery,
} from '#schemas/admin/audit.js';
import { cursorRefusal, pageRequest, paginationQuery } from '#schemas/admin/pagination.js';
import { Username } from '#schemas/fields.js';
import { databaseErrors } from '#schemas/problem.js';
import { success } from '#schemas/responses.js';

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'audit:read', errors: [cursorRefusal, ...databaseErrors] },
      schema: {
        operationId: 'listEvents',
        summary: 'Read the audit log',
        description:
          'Returns audit events, newest first. An event must match all filters. Events contain no password, token or e-mail address.',
        querystring: Type.Object({
          event: Type.Optional(EventNames),
          changes: Type.Optional(
            Type.Unsafe<string>({
              type: 'string',
              enum: ['true'],
              description: 'Only what operators changed.',
            }),
          ),
          ip: Type.Optional(ClientAddress),
          user_id: Type.Optional(
            Type.String({
              pattern: '^[1-9][0-9]{0,9}$',
              description: 'Only events with this user as actor or target.',
            }),
          ),
          target_type: Type.Optional(TargetType),
          target_id: Type.Optional(
            Type.String({
              maxLength: 256,
              pattern: Username.pattern as string,
              description: 'Only events with this target id. Combine it with `target_type`.',
            }),
          ),
          from: Type.Optional(Type.String({ format: 'date-time', description: 'Only events at or after this time.' })),
          to: Type.Optional(Type.String({ format: 'date-time', description: 'Only events before this time.' })),
          ...paginationQuery,
        }),
        response: {
          200: success('A page of events.', EventList, { events: exampleEventList }),
        },
      },
    },
    async (request) => {
      const {
        event: names,
        changes,
        ip,
        user_id: userId,
        target_type: targetType,
        target_id: targetId,
      } = request.query;
      const filter = {
        events: eventsFromQuery(names),
        changesOnly: changes === 'true',
        ip: addressFromQuery(ip),
        userId: userId === undefined ? undefined : Number(userId),
        targetType,
        targetId,
        from: timestampFromQuery('from', request.query.from),
        to: timestampFromQuery('to', request.query.to),
      };
      const found = await app.audit.list(filter, pageRequest(request.query));
      return { events: found.rows.map(event), next_cursor: found.nextCursor };
    },
  );
};

export default route;
