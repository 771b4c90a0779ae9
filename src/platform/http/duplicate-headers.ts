// Header fields as they were sent, each of them: node keeps the first of several, and a proxy before us may have judged another one.

/** Whether a field comes more than once. `rawHeaders`: names and values in turn, as node has them; `name`: in lower case. */
export function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const each = rawHeaders[i] ?? '';
    // The length first: that is cheap, and tells nearly all of them apart.
    if (each.length === name.length && each.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
