// The history of a setting, page by page.
import { type Cursors, type Page, type PageRequest, readPage } from '#platform/http/pagination.js';
import { LAST_CHANGE } from './registry.js';
import type { SettingChange } from './repository.js';
import type { Settings } from './service.js';

interface Dependencies {
  readonly settings: Pick<Settings, 'history'>;
  /** The cursors of one setting, which the history of no other setting accepts. */
  readonly cursorsOf: (name: string) => Cursors<number>;
}

/** Reads the history of a setting page by page. */
export function createSettingHistory({ settings, cursorsOf }: Dependencies) {
  return {
    /** The newest change first. Throws `setting_not_found`, and `validation_failed` for a cursor that is not one of this setting. */
    page: (name: string, request: PageRequest): Promise<Page<SettingChange>> =>
      readPage({
        cursors: cursorsOf(name),
        request,
        start: LAST_CHANGE,
        find: (before, limit) => settings.history(name, before, limit),
        positionOf: ({ version }) => version,
      }),
  };
}

export type SettingHistory = ReturnType<typeof createSettingHistory>;
