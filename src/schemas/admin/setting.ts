// Live settings as the API returns them.
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { Page } from '#platform/http/pagination.js';
import { MAX_SETTING_VERSION, registry, type SettingName } from '#settings/registry.js';
import type { SettingChange } from '#settings/repository.js';
import type { SettingState } from '#settings/service.js';
import { NullableText, NullableTimestamp, Timestamp } from '../fields.js';
import { NextCursor } from './pagination.js';

const Value = (description: string) => Type.Union([Type.Integer(), Type.Boolean()], { description });
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

/** The path parameters of the operations on one setting. */
export const SettingPath = Type.Object({
  name: Type.String({ description: 'The name of the setting.', examples: ['ACCESS_TOKEN_LIFETIME'] }),
});

const EXPECTED_VERSION = 'The current `version` of the setting; 0 if it has never been changed or was reset.';

/** The expected version, in a body. */
export const ExpectedVersion = Type.Integer({
  minimum: 0,
  maximum: MAX_SETTING_VERSION,
  description: EXPECTED_VERSION,
});

/** The same in a query, where values are text. */
export const ExpectedVersionText = Type.String({
  pattern: '^(0|[1-9][0-9]{0,9})$',
  description: EXPECTED_VERSION,
  examples: ['0'],
});

/** The number of a previous change. */
export const ChangeNumber = Type.Integer({
  minimum: 0,
  maximum: MAX_SETTING_VERSION,
  description: 'The `version` of a change in the history of the setting; 0 for the default.',
});

export const Setting = Type.Object(
  {
    name: Type.String(),
    value: Value('The value in effect.'),
    default: Value('The value after a reset.'),
    source: Type.Union([Type.Literal('default'), Type.Literal('environment'), Type.Literal('database')], {
      description: 'Where `value` is from.',
    }),
    type: Type.Union([Type.Literal('integer'), Type.Literal('boolean')]),
    unit: orNull(
      Type.Union([Type.Literal('seconds'), Type.Literal('days'), Type.Literal('characters')]),
      'Null if the value has none.',
    ),
    minimum: orNull(Type.Integer(), 'Null for a boolean.'),
    maximum: orNull(Type.Integer(), 'Null for a boolean.'),
    group: Type.String(),
    description: Type.String(),
    version: Type.Integer({
      description: 'The number of the change that set the stored value; 0 if no value is stored.',
    }),
    updated_at: NullableTimestamp('When the stored value was set.'),
    updated_by: NullableText('`user:<id>` or `cli:<name>`.'),
    ignored: orNull(Type.String(), 'Why a stored value is not in effect.'),
  },
  { title: 'Setting', additionalProperties: false },
);
export type Setting = Static<typeof Setting>;

export const SettingList = Type.Object(
  {
    version: Type.Integer({ description: 'The number of the latest change to any setting; 0 if there was none.' }),
    settings: Type.Array(Setting),
  },
  { title: 'SettingList', additionalProperties: false },
);
export type SettingList = Static<typeof SettingList>;

export const SettingHistory = Type.Object(
  {
    changes: Type.Array(
      Type.Object({
        version: Type.Integer({
          description: 'Increases with every change of any setting.',
        }),
        value: Type.Union([Type.Integer(), Type.Boolean(), Type.Null()], {
          description: 'The new value; null for a reset to the default.',
        }),
        changed_at: Timestamp(),
        changed_by: Type.String({ description: '`user:<id>` or `cli:<name>`.' }),
      }),
      { maxItems: 100 },
    ),
    next_cursor: NextCursor,
  },
  {
    title: 'SettingHistory',
    additionalProperties: false,
  },
);
export type SettingHistory = Static<typeof SettingHistory>;

/** Maps a setting to its API representation. */
export function setting(state: SettingState): Setting {
  const { schema, group, description, ...rest } = registry[state.name];
  const { minimum = null, maximum = null } = schema.type === 'integer' ? schema : {};
  return {
    name: state.name,
    value: state.value as Setting['value'],
    default: state.default as Setting['default'],
    source: state.source,
    type: schema.type,
    unit: 'unit' in rest ? rest.unit : null,
    minimum,
    maximum,
    group,
    description,
    version: state.version,
    updated_at: state.updatedAt?.toISOString() ?? null,
    updated_by: state.updatedBy ?? null,
    ignored: state.ignored ?? null,
  };
}

/** Maps all settings to their API representation. */
export function settingList({
  version,
  settings,
}: {
  version: number;
  settings: readonly SettingState[];
}): SettingList {
  return { version, settings: settings.map(setting) };
}

/** Maps a page of the history to its API representation. */
export function settingHistory({ rows, nextCursor }: Page<SettingChange>): SettingHistory {
  return {
    changes: rows.map(({ version, value, changedAt, changedBy }) => ({
      version,
      value: value as Setting['value'] | null,
      changed_at: changedAt.toISOString(),
      changed_by: changedBy,
    })),
    next_cursor: nextCursor,
  };
}

/** A setting that has never been changed. */
export function exampleSetting(name: SettingName): Setting {
  const { default: value } = registry[name];
  return setting({
    name,
    value,
    default: value,
    source: 'default',
    version: 0,
    updatedAt: undefined,
    updatedBy: undefined,
    ignored: undefined,
  });
}

/** The same after its first change. */
export const exampleChangedSetting: Setting = {
  ...exampleSetting('ACCESS_TOKEN_LIFETIME'),
  value: 60,
  source: 'database',
  version: 1,
  updated_at: '2026-11-24T02:34:50.123Z',
  updated_by: 'user:1',
};

/** A list, of which only one setting is shown. */
export const exampleSettingList: SettingList = { version: 0, settings: [exampleSetting('ACCESS_TOKEN_LIFETIME')] };

/** The history after the example of a change. */
export const exampleSettingHistory: SettingHistory = {
  changes: [{ version: 1, value: 60, changed_at: '2026-11-24T02:34:50.123Z', changed_by: 'user:1' }],
  next_cursor: null,
};
