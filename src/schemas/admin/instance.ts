// Processes that serve, as the operator's operations show them.
import { type Static, Type } from '@sinclair/typebox';
import type { Instance as KnownInstance } from '#instances/service.js';
import { packageVersion } from '#platform/process/package-info.js';

const instant = (description: string) => Type.String({ format: 'date-time', description: `${description} UTC.` });

export const Instance = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Another one at each start.' }),
    host: Type.String({ description: "The machine's name." }),
    version: Type.String({ description: 'The version of the program.' }),
    started_at: instant('When it began to listen.'),
    seen_at: instant('When it was heard of last; that is about every five seconds.'),
    settings_version: Type.Integer({ description: 'The number of the last change of a setting that it acts on.' }),
    current: Type.Boolean({ description: 'Whether that is the last change there is.' }),
  },
  { title: 'Instance', description: 'A process that serves.', additionalProperties: false },
);

export const InstanceList = Type.Object(
  {
    settings_version: Type.Integer({ description: 'The number of the last change of any setting; 0: there was none.' }),
    instances: Type.Array(Instance),
  },
  {
    title: 'InstanceList',
    description: 'Processes that have been seen in the last 30 seconds.',
    additionalProperties: false,
  },
);
export type InstanceList = Static<typeof InstanceList>;

/** One instance, and no setting changed. */
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

/** Puts a list of instances into the words of the API. */
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
