// The history of a setting, page by page.

import { invalidField } from '#platform/errors/problem.js';
import type { Cursors } from '#platform/http/cursors.js';
import { LAST_CHANGE } from './registry.js';
import type { SettingChange } from './repository.js';
import type { Settings } from './service.js';

interface Dependencies {
  readonly settings: Pick<Settings, 'history'>;
  /** Those of one setting, which the history of no other takes. */
  readonly cursorsOf: (name: string) => Pick<Cursors<number>, 'read' | 'write'>;
}

/** What is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Pages through changes, the newest first. */
export function createSettingHistory({ settings, cursorsOf }: Dependencies) {
  return {
    /** Throws `setting_not_found`, and `validation_failed` for what is no cursor of this setting. */
    page: async (
      name: string,
      { limit, cursor }: PageRequest,
    ): Promise<{ changes: SettingChange[]; nextCursor: string | undefined }> => {
      const cursors = cursorsOf(name);
      // Before the first page comes what is after all changes.
      const before = cursor === undefined ? LAST_CHANGE : cursors.read(cursor);
      if (before === undefined) throw invalidField('/query/cursor', 'is not a cursor of this list');
      const found = await settings.history(name, before, limit + 1);
      const changes = found.slice(0, limit);
      const last = changes.at(-1);
      return {
        changes,
        nextCursor: found.length > limit && last !== undefined ? cursors.write(last.version) : undefined,
      };
    },
  };
}

export type SettingHistory = ReturnType<typeof createSettingHistory>;
