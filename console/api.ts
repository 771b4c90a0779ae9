// The operator's operations, as the service answers them.
import type { components } from '../client/index.js';

type Schemas = components['schemas'];

export type Settings = Schemas['SettingList'];
export type Setting = Schemas['Setting'];
export type SettingHistory = Schemas['SettingHistory'];
export type SettingChange = SettingHistory['changes'][number];
export type Instances = Schemas['InstanceList'];
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
