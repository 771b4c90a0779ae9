// The operator's operations, as the service answers them.
import type { components } from '../client/index.js';

type Schemas = components['schemas'];

export interface Setting {
  readonly name: string;
  readonly value: number | boolean;
  readonly default: number | boolean;
  readonly source: 'default' | 'environment' | 'database';
  readonly type: 'integer' | 'boolean';
  readonly unit: string | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly group: string;
  readonly description: string;
  /** 0: no row in the table. */
  readonly version: number;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
  /** Why the row in the table is not acted on. */
  readonly ignored: string | null;
}

export interface Settings {
  readonly version: number;
  readonly settings: readonly Setting[];
}

export interface SettingChange {
  readonly version: number;
  /** null: back to the default. */
  readonly value: number | boolean | null;
  readonly changed_at: string;
  readonly changed_by: string | null;
}

export interface Instance {
  readonly id: string;
  readonly host: string;
  readonly version: string;
  readonly started_at: string;
  readonly seen_at: string;
  readonly settings_version: number;
  readonly current: boolean;
}

export interface Instances {
  readonly settings_version: number;
  readonly instances: readonly Instance[];
}

export type User = Schemas['User'];
export type Users = Schemas['UserList'];
export type NewUser = Schemas['NewUser'];
export type ResetPassword = Schemas['ResetPassword'];
export type Sessions = Schemas['UserSessionList'];
export type Role = Schemas['Role'];
export type Roles = Schemas['RoleList'];
export type AuditEvents = Schemas['EventList'];
export type AuditEvent = AuditEvents['events'][number];
export type SigningKeys = Schemas['SigningKeyList'];

/** Parameters of a query without those that are empty; with its question mark, or nothing. */
export function query(parameters: Readonly<Record<string, string | null | undefined>>): string {
  const filled = Object.entries(parameters).filter((each): each is [string, string] => Boolean(each[1]));
  return filled.length === 0 ? '' : `?${new URLSearchParams(filled)}`;
}
