// Live settings, as the operator's operations show them.
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { Page } from '#platform/http/pagination.js';
import { LAST_CHANGE, registry, type SettingName, settingNames } from '#settings/registry.js';
import type { SettingChange } from '#settings/repository.js';
import type { SettingState } from '#settings/service.js';
import { NextCursor } from './pagination.js';

const instant = (description: string) => Type.String({ format: 'date-time', description: `${description} UTC.` });
const Value = (description: string) => Type.Union([Type.Integer(), Type.Boolean()], { description });
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

/** The name of a setting, in a path. */
export const SettingPath = Type.Object({
  name: Type.String({ description: 'The name of the setting.', examples: ['ACCESS_TOKEN_LIFETIME'] }),
});

const VERSION = 'The `version` that the setting has, as it was read; 0: no row.';

/** The version that a change is made from, in a body. */
export const ReadVersion = Type.Integer({ minimum: 0, maximum: LAST_CHANGE, description: VERSION });

/** The same in a query, where everything is text. */
export const ReadVersionText = Type.String({
  pattern: '^(0|[1-9][0-9]{0,9})$',
  description: VERSION,
  examples: ['0'],
});

/** The number of an earlier change. */
export const ChangeNumber = Type.Integer({
  minimum: 0,
  maximum: LAST_CHANGE,
  description: 'The `version` of a change in the history of the setting; 0: the default, before all changes.',
});

export const Setting = Type.Object(
  {
    name: Type.String({ description: 'Its name.' }),
    value: Value('The value in force.'),
    default: Value('What `DELETE` takes it back to: what the environment says, or the default of this version.'),
    source: Type.Union([Type.Literal('default'), Type.Literal('environment'), Type.Literal('database')], {
      description: 'Where `value` comes from.',
    }),
    type: Type.Union([Type.Literal('integer'), Type.Literal('boolean')], { description: 'What a value must be.' }),
    unit: orNull(
      Type.Union([Type.Literal('seconds'), Type.Literal('days'), Type.Literal('characters')]),
      'What is counted.',
    ),
    minimum: orNull(Type.Integer(), 'Of an integer: the least value.'),
    maximum: orNull(Type.Integer(), 'Of an integer: the greatest value.'),
    group: Type.String({ description: 'What it is about.' }),
    description: Type.String({ description: 'What it does.' }),
    version: Type.Integer({ description: 'The number of the change that wrote its row; 0: no row.' }),
    updated_at: orNull(Type.String({ format: 'date-time' }), 'When its row was written. UTC.'),
    updated_by: orNull(Type.String(), 'By whom: `user:<id>` or `cli:<name>`.'),
    ignored: orNull(Type.String(), 'Why its row in the table is not acted on; null when it is, or there is none.'),
  },
  { title: 'Setting', description: 'A live setting.', additionalProperties: false },
);
export type Setting = Static<typeof Setting>;

export const SettingList = Type.Object(
  {
    version: Type.Integer({ description: 'The number of the last change of any setting; 0: there was none.' }),
    settings: Type.Array(Setting),
  },
  { title: 'SettingList', description: 'All live settings.', additionalProperties: false },
);
export type SettingList = Static<typeof SettingList>;

export const SettingHistory = Type.Object(
  {
    changes: Type.Array(
      Type.Object({
        version: Type.Integer({ description: 'The number of the change, one more for each change of any setting.' }),
        value: Type.Union([Type.Integer(), Type.Boolean(), Type.Null()], {
          description: 'What it became; null: back to the default.',
        }),
        changed_at: instant('When.'),
        changed_by: Type.String({ description: 'By whom: `user:<id>` or `cli:<name>`.' }),
      }),
      { maxItems: 100 },
    ),
    next_cursor: NextCursor,
  },
  { title: 'SettingHistory', description: 'Changes of a setting, the newest first.', additionalProperties: false },
);
export type SettingHistory = Static<typeof SettingHistory>;

/** Puts a setting into the words of the API. */
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

/** The same for all of them. */
export function settingList({
  version,
  settings,
}: {
  version: number;
  settings: readonly SettingState[];
}): SettingList {
  return { version, settings: settings.map(setting) };
}

/** The same for a page of the history. */
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

/** A setting that nobody has changed. */
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

/** All settings, none of them changed. */
export const exampleSettingList: SettingList = { version: 0, settings: settingNames.map(exampleSetting) };

/** What the examples of a change have left behind. */
export const exampleSettingHistory: SettingHistory = {
  changes: [{ version: 1, value: 60, changed_at: '2026-11-24T02:34:50.123Z', changed_by: 'user:1' }],
  next_cursor: null,
};
