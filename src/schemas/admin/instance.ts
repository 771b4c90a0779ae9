// Running instances as the API returns them.
import { type Static, Type } from '@sinclair/typebox';
import type { Instance as KnownInstance } from '#instances/service.js';
import { packageVersion } from '#platform/process/package-info.js';
import { Timestamp } from '../fields.js';

export const Instance = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Unique for each start of the process.' }),
    host: Type.String(),
    version: Type.String(),
    started_at: Timestamp(),
    seen_at: Timestamp('The last report of the instance, which reports about every five seconds.'),
    settings_version: Type.Integer({
      description: 'The latest setting change that the instance has applied.',
    }),
    current: Type.Boolean({ description: 'Whether the instance has applied the latest setting change.' }),
  },
  { title: 'Instance', description: 'A running process of the service.', additionalProperties: false },
);

export const InstanceList = Type.Object(
  {
    settings_version: Type.Integer({
      description: 'The number of the latest change to any setting; 0 if there was none.',
    }),
    instances: Type.Array(Instance),
  },
  {
    title: 'InstanceList',
    additionalProperties: false,
  },
);
export type InstanceList = Static<typeof InstanceList>;

/** One instance; no setting was changed. */
export const exampleInstanceList: InstanceList = {
  settings_version: 0,
  instances: [
    {
      id: '0b9a1a0c-7f4e-4c50-9a57-3f2f2a9c8f11',
      host: 'latchkey-1',
      version: packageVersion,
      started_at: '2026-11-24T02:34:50.123Z',
      seen_at: '2026-11-24T02:34:50.123Z',
      settings_version: 0,
      current: true,
    },
  ],
};

/** Maps the instances to their API representation. */
export function instanceList(found: { settingsVersion: number; instances: readonly KnownInstance[] }): InstanceList {
  return {
    settings_version: found.settingsVersion,
    instances: found.instances.map(({ id, host, version, startedAt, seenAt, settingsVersion, current }) => ({
      id,
      host,
      version,
      started_at: startedAt.toISOString(),
      seen_at: seenAt.toISOString(),
      settings_version: settingsVersion,
      current,
    })),
  };
}
