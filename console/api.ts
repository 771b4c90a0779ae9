// Types of the admin API's requests and responses, taken from the OpenAPI document by way of the client.
import type { components } from '../client/index.js';

type Schemas = components['schemas'];

export type Settings = Schemas['SettingList'];
export type Setting = Schemas['Setting'];
export type SettingHistory = Schemas['SettingHistory'];
export type SettingChange = SettingHistory['changes'][number];
export type Overview = Schemas['Overview'];
export type Instances = Schemas['InstanceList'];
export type User = Schemas['User'];
export type Users = Schemas['UserList'];
export type NewUser = Schemas['NewUser'];
export type ResetPassword = Schemas['ResetPassword'];
export type LoginDelay = Schemas['LoginDelay'];
export type Sessions = Schemas['UserSessionList'];
export type Role = Schemas['Role'];
export type Roles = Schemas['RoleList'];
export type AuditEvents = Schemas['EventList'];
export type AuditEvent = AuditEvents['events'][number];
export type Mails = Schemas['MailList'];
export type Mail = Mails['mails'][number];
export type SigningKeys = Schemas['SigningKeyList'];
export type SigningKey = SigningKeys['keys'][number];
export type Account = Schemas['AccountDetails'];
export type Factors = Schemas['FactorList'];
export type Factor = Factors['factors'][number];
export type TotpEnrolment = Schemas['TotpEnrolment'];
export type RecoveryCodes = Schemas['RecoveryCodeSet'];

/** Builds a query string with its leading `?`. Empty parameters are left out; without any, the result is ''. */
export function queryString(parameters: Readonly<Record<string, string | null | undefined>>): string {
  const present = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
}
