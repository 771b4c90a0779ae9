// Cursors: where a list goes on, for clients to hand back as they got it.
import { createHmac, timingSafeEqual } from 'node:crypto';

const MAC_BYTES = 16;

/**
 * Cursors of one kind of list: `kind` and the key bind a cursor to it, so that none from elsewhere, and none that was made up, is
 * believed. Keys have 32 bytes: the first makes cursors, all read them.
 */
export function createCursors<T>(keys: Buffer | readonly [Buffer, ...Buffer[]], kind: string) {
  const [first, ...others] = Buffer.isBuffer(keys) ? [keys] : keys;
  const macOf = (content: Buffer, key: Buffer) =>
    createHmac('sha256', key).update(`${kind}\0`).update(content).digest().subarray(0, MAC_BYTES);

  return {
    write(place: T): string {
      const content = Buffer.from(JSON.stringify(place));
      return Buffer.concat([macOf(content, first), content]).toString('base64url');
    },

    /** Undefined for what is no cursor of this list. */
    read(text: string): T | undefined {
      const bytes = Buffer.from(text, 'base64url');
      const content = bytes.subarray(MAC_BYTES);
      const mac = bytes.subarray(0, MAC_BYTES);
      if (mac.length < MAC_BYTES) return undefined;
      if (![first, ...others].some((key) => timingSafeEqual(mac, macOf(content, key)))) return undefined;
      return JSON.parse(content.toString()) as T;
    },
  };
}

export type Cursors<T> = ReturnType<typeof createCursors<T>>;
