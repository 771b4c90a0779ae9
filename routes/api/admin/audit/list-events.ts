// GET /api/admin/audit/: what was done, when and by whom.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { EventList, EventName, event, exampleEventList, TargetType, timestampFromQuery } from '#schemas/admin/audit.js';
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
        tags: ['Admin'],
        summary: 'Read the audit log',
        description:
          'Events, the newest first, with filters that must all fit. They are written in the transactions of what they tell of; no password, token or address is in them.',
        querystring: Type.Object({
          event: Type.Optional(EventName),
          user_id: Type.Optional(
            Type.String({ pattern: '^[1-9][0-9]{0,9}$', description: 'Who did it, or on whom it was done.' }),
          ),
          target_type: Type.Optional(TargetType),
          target_id: Type.Optional(
            Type.String({
              maxLength: 256,
              pattern: Username.pattern as string,
              description: 'On which one it was done.',
            }),
          ),
          from: Type.Optional(Type.String({ format: 'date-time', description: 'The first moment.' })),
          to: Type.Optional(Type.String({ format: 'date-time', description: 'The moment after the last one.' })),
          ...paginationQuery,
        }),
        response: {
          200: success('A page of events.', EventList, { events: exampleEventList }),
        },
      },
    },
    async (request) => {
      const { event: name, user_id: userId, target_type: targetType, target_id: targetId } = request.query;
      const filter = {
        event: name,
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
