// The refresh token: a UUID that is the encrypted address of its session.
import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import { MAX_INTEGER } from '#platform/database/integer.js';

/** The session that a refresh token belongs to, and the number of refreshes before the token was issued. */
export interface RefreshTokenAddress {
  /** 40 bits. */
  readonly userId: number;
  /** 40 bits. */
  readonly sessionId: number;
  /** 24 bits. */
  readonly generation: number;
}

/** The greatest generation that fits in a token. A session that reaches it cannot be refreshed again. */
export const MAX_GENERATION = 2 ** 24 - 1;

const BLOCK = 16;
const TWEAK_OFFSET = 13;
// One block in 64 has the version and variant bits of a UUIDv4, so a batch of 128 succeeds in 87 of 100 cases. The call to the cipher costs
// more than the blocks in it.
const BATCH = 128;
// The probability that no tweak below this fits is (63/64)^4096, less than 10^-27. Decoding refuses greater tweaks. That rejects all but
// one in 4,096 of the UUIDs that this service never issued, without a query.
const TWEAK_LIMIT = 4096;

/**
 * Plaintext, big endian: user id (5 bytes), session id (5), generation (3), tweak (3). Token: that one block under
 * AES-256, where the tweak is the smallest number for which the result has the bits of a version 4 UUID (RFC 9562).
 * AES is a permutation of blocks, so a live token is as hard to guess as a random UUID. `key` has 32 bytes.
 */
export function createRefreshTokenCodec(key: Buffer) {
  // ECB on a single block is the bare block cipher, which is what this needs: no two plaintexts are equal. Without padding the objects keep
  // no state between calls, so one cipher and one decipher serve all tokens.
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  // One buffer serves all tokens, because encoding is synchronous. The number of its blocks is a power of two.
  const plain = Buffer.alloc(BLOCK * BATCH);

  return {
    /** The token of an address, always the same one. In lower case (RFC 9562). */
    encode({ userId, sessionId, generation }: RefreshTokenAddress): string {
      plain.writeUIntBE(userId, 0, 5);
      plain.writeUIntBE(sessionId, 5, 5);
      plain.writeUIntBE(generation, 10, 3);
      for (let filled = BLOCK; filled < plain.length; filled *= 2) plain.copyWithin(filled, 0, filled);
      for (let first = 0; first < TWEAK_LIMIT; first += BATCH) {
        // Byte by byte: the checks of a method that writes numbers cost more than the encryption.
        for (let tweak = first, at = TWEAK_OFFSET; at < plain.length; tweak += 1, at += BLOCK) {
          plain[at] = 0;
          plain[at + 1] = tweak >> 8;
          plain[at + 2] = tweak & 0xff;
        }
        const blocks = cipher.update(plain);
        for (let at = 0; at < blocks.length; at += BLOCK) {
          if (isVersion4(blocks, at)) return format(blocks.toString('hex', at, at + BLOCK));
        }
      }
      throw new Error('no tweak turns this address into a UUID');
    },

    /** The address in a token. Undefined for UUIDs that this key did not encrypt, except for one in 4,096 of them. */
    decode(token: string): RefreshTokenAddress | undefined {
      const block = Buffer.from(token.replaceAll('-', ''), 'hex');
      if (block.length !== BLOCK || !isVersion4(block, 0)) return undefined;
      const plain = decipher.update(block);
      if (plain.readUIntBE(TWEAK_OFFSET, 3) >= TWEAK_LIMIT) return undefined;
      return {
        userId: plain.readUIntBE(0, 5),
        sessionId: plain.readUIntBE(5, 5),
        generation: plain.readUIntBE(10, 3),
      };
    },
  };
}

export type RefreshTokenCodec = ReturnType<typeof createRefreshTokenCodec>;

/** One per secret. The first encodes tokens; all of them decode. */
export type RefreshTokenCodecs = readonly [RefreshTokenCodec, ...RefreshTokenCodec[]];

/** The addresses that a token may contain: at most one per secret. */
export function decodeAddresses(codecs: RefreshTokenCodecs, token: string): RefreshTokenAddress[] {
  const addresses: RefreshTokenAddress[] = [];
  for (const codec of codecs) {
    const address = codec.decode(token);
    // The id of an account is an integer of Postgres.
    if (address !== undefined && address.userId <= MAX_INTEGER) addresses.push(address);
  }
  return addresses;
}

/** The SHA-256 of a token's lower-case form: the database stores this instead of the token. */
export function hashRefreshToken(token: string): Buffer {
  return hash('sha256', token.toLowerCase(), 'buffer');
}

function isVersion4(blocks: Buffer, at: number): boolean {
  return ((blocks[at + 6] ?? 0) & 0xf0) === 0x40 && ((blocks[at + 8] ?? 0) & 0xc0) === 0x80;
}

function format(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
