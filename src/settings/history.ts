// The change history of a setting, with pagination.
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import { MAX_SETTING_VERSION } from './registry.js';
import type { SettingChange } from './repository.js';
import type { Settings } from './service.js';

interface Dependencies {
  readonly settings: Pick<Settings, 'history'>;
  /** The cursors for one setting. A cursor is not valid for the history of another setting. */
  readonly cursorsOf: (name: string) => Cursors<number>;
}

/** Reads the history of a setting page by page. */
export function createSettingHistory({ settings, cursorsOf }: Dependencies) {
  return {
    /** The changes, newest first. Throws `setting_not_found`, and `validation_failed` for a cursor that is not from this setting. */
    page: (name: string, request: PageRequest): Promise<Page<SettingChange>> =>
      readPage({
        cursors: cursorsOf(name),
        request,
        start: MAX_SETTING_VERSION,
        find: (before, limit) => settings.history(name, before, limit),
        positionOf: ({ version }) => version,
      }),
  };
}

export type SettingHistory = ReturnType<typeof createSettingHistory>;
