// A set of e-mail addresses in 16 to 32 bytes each, for files with millions of lines: a Set of strings takes some hundred.
import { createHash } from 'node:crypto';

const INITIAL_SIZE = 2 ** 16;
const EMPTY = 0n;

/** Keeps 64 bits of SHA-256 per address. Among 10 million addresses, one is wrongly found with a probability of 3 in a million. */
export function createAddressSet() {
  let slots = new BigUint64Array(INITIAL_SIZE);
  let count = 0;

  const keyOf = (address: string): bigint => createHash('sha256').update(address).digest().readBigUInt64LE() || 1n;

  /** Where the key is, or where it can be inserted. */
  function slotOf(key: bigint): number {
    let at = Number(key & BigInt(slots.length - 1));
    while (slots[at] !== EMPTY && slots[at] !== key) at = (at + 1) % slots.length;
    return at;
  }

  function insert(key: bigint): boolean {
    const at = slotOf(key);
    if (slots[at] === key) return false;
    slots[at] = key;
    return true;
  }

  function grow(): void {
    const before = slots;
    slots = new BigUint64Array(2 * before.length);
    for (const key of before) if (key !== EMPTY) insert(key);
  }

  return {
    has(address: string): boolean {
      const key = keyOf(address);
      return slots[slotOf(key)] === key;
    },

    /** False if the address is already in the set. */
    add(address: string): boolean {
      if (2 * count >= slots.length) grow();
      const isNew = insert(keyOf(address));
      if (isNew) count += 1;
      return isNew;
    },
  };
}
