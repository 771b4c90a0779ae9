// The responses of successful probes.
import { Type } from '@sinclair/typebox';

export const Healthy = Type.Object({ status: Type.Literal('ok') }, { title: 'Healthy', additionalProperties: false });

export const Ready = Type.Object(
  {
    status: Type.Literal('ok'),
    degraded: Type.Optional(
      Type.Array(Type.Union([Type.Literal('settings'), Type.Literal('keys'), Type.Literal('overload')]), {
        description:
          'What does not work: `settings` have not been read for a minute, so that changes do not take effect; some signing `keys` cannot be read; `overload`: passwords are not hashed.',
      }),
    ),
  },
  { title: 'Ready', description: 'The instance should receive traffic.', additionalProperties: false },
);
