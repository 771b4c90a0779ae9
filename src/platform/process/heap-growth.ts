// Keeps V8's heap close to what is in use.
import { setFlagsFromString } from 'node:v8';

/**
 * A start produces more garbage than most services do later. V8 would let the young generation grow to 32 MiB for it, and a process without
 * requests never gives that back. Returns a function that allows the growth again, for when requests need it.
 *
 * From then on the old generation is collected when it has grown by a fifth. V8's own factor depends on speed alone: under load the garbage in
 * it became as large as the 26 MiB that are in use.
 */
export function limitHeapGrowth(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  return () => {
    // The default of V8.
    setFlagsFromString('--semi-space-growth-factor=2');
    setFlagsFromString('--heap-growing-percent=20');
  };
}
