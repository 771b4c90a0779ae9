// Keeps the young generation of V8's heap small while the service starts.
import { setFlagsFromString } from 'node:v8';

/**
 * A start produces more garbage than most services do later. V8 would let the young generation grow to 32 MiB for it, and a process without
 * requests never gives that back. Returns a function that allows the growth again, for when requests need it.
 */
export function holdYoungGeneration(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // The default of V8.
  return () => setFlagsFromString('--semi-space-growth-factor=2');
}
