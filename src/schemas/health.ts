// What probes answer with when all is well.
import { Type } from '@sinclair/typebox';

export const Healthy = Type.Object(
  { status: Type.Literal('ok') },
  { title: 'Healthy', description: 'All is well.', additionalProperties: false },
);
