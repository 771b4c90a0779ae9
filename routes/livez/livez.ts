// GET /livez: the process runs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';

const Live = Type.Object({ status: Type.Literal('ok') });

const route: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'livez',
        tags: ['Operation'],
        summary: 'Is the process alive',
        description:
          'Answers as long as the process runs, whatever the database does. Restart the process when it does not.',
        response: { 200: { description: 'It is.', content: { 'application/json': { schema: Live } } } },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
};

export default route;
