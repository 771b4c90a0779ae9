// Keeps V8's heap small during and after the start. A start produces more garbage than most services do later, and a process without requests
// gives the memory for it back only after a long time, or never.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Without this, V8 lets the young generation grow to 32 MiB. To be called before the code of the service is loaded, which causes most of the
 * growth.
 */
export function holdYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Allows the young generation to grow again, for when requests need it. */
export function releaseYoungGeneration(): void {
  // The default of V8.
  setFlagsFromString('--semi-space-growth-factor=2');
}

/** Collects the garbage of the start and moves what is left together. Takes some 50 ms, so it must come before the first request. */
export function compactHeap(): void {
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--compact-on-every-full-gc');
  try {
    const collect: () => void = runInNewContext('gc');
    collect();
  } finally {
    setFlagsFromString('--no-compact-on-every-full-gc');
    setFlagsFromString('--no-expose-gc');
  }
}
