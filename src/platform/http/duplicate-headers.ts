// Detects duplicate header fields: Node keeps the first of several, but a proxy in front may have evaluated another one.

/** Whether a field occurs more than once. `rawHeaders` alternates names and values, as in Node; `name` is in lower case. */
export function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const each = rawHeaders[i] ?? '';
    // Comparing the length first is cheap and rules out nearly all names.
    if (each.length === name.length && each.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
