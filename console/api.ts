// The operator's operations, as the service answers them.

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

export interface User {
  readonly id: number;
  readonly email: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly disabled_at: string | null;
  readonly disabled_reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly has_password: boolean;
}

export interface Users {
  readonly users: readonly User[];
  readonly next_cursor: string | null;
}

export interface Session {
  readonly id: string;
  readonly created_at: string;
  readonly refreshed_at: string;
  readonly expires_at: string;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

export interface Role {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

export interface Roles {
  readonly roles: readonly Role[];
  /** The permissions of Latchkey itself, with what each lets its bearer do. */
  readonly own_permissions: Readonly<Record<string, string>>;
}

export interface AuditEvent {
  readonly id: string | number;
  readonly at: string;
  readonly event: string;
  readonly actor: { readonly type: string; readonly user_id: number | null; readonly name: string | null };
  readonly target: { readonly type: string; readonly id: string } | null;
  readonly session_id: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
}

export interface AuditEvents {
  readonly events: readonly AuditEvent[];
  readonly next_cursor: string | null;
}

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly created_at: string;
  readonly activated_at: string | null;
  readonly retired_at: string | null;
  readonly expires_at: string | null;
}

export interface SigningKeys {
  readonly keys: readonly SigningKey[];
}

/** Parameters of a query without those that are empty; with its question mark, or nothing. */
export function query(parameters: Readonly<Record<string, string | null | undefined>>): string {
  const filled = Object.entries(parameters).filter((each): each is [string, string] => Boolean(each[1]));
  return filled.length === 0 ? '' : `?${new URLSearchParams(filled)}`;
}
