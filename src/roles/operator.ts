// The operator behind an administrative operation.
import type { Act } from '#audit/events.js';

/** Who performs an operation, and with which permissions. No operator can grant, or act on, more than they have. */
export interface Operator {
  /** For the audit log. */
  readonly act: Act;
  readonly permissions: readonly string[];
}
