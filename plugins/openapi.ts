// The OpenAPI document, made from the route schemas and served at /openapi.json and /openapi.yaml.
import swagger from '@fastify/swagger';
import fp from 'fastify-plugin';
import { packageVersion } from '../src/root.js';

export default fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Latchkey',
          version: packageVersion,
          description: 'Authentication and authorization over REST.',
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: '/' }],
        tags: [
          { name: 'Session', description: 'Log in, refresh, log out.' },
          { name: 'Account', description: 'Register, read and change an account.' },
          { name: 'Operation', description: 'For the operator and the platform.' },
        ],
        components: {
          securitySchemes: {
            bearerAuth: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'JWT',
              description: 'The access token from login or refresh.',
            },
          },
        },
      },
      refResolver: { buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `def-${index}`) },
      // The router takes a path with and without its slash; the documentation shows it with.
      transform: ({ schema, url }) => ({
        schema,
        url: url.startsWith('/api/') && !url.endsWith('/') ? `${url}/` : url,
      }),
    });
  },
  { name: 'openapi', dependencies: ['access'] },
);
