// The response of a successful probe.
import { Type } from '@sinclair/typebox';

export const Healthy = Type.Object(
  { status: Type.Literal('ok') },
  { title: 'Healthy', description: 'The probe succeeded.', additionalProperties: false },
);
