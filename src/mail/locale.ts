// The language of mails to a user, from what their browser accepts.

/** BCP 47: what `users.locale` may contain. */
const TAG = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i;
const MAX_HEADER_LENGTH = 1000;

/** The language tag that `Accept-Language` prefers; null if there is none. */
export function preferredLocale(header: string | undefined): string | null {
  if (header === undefined || header.length > MAX_HEADER_LENGTH) return null;
  const ranges = header.split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return { tag, weight };
  });
  const accepted = ranges.filter(({ tag, weight }) => TAG.test(tag) && weight > 0 && weight <= 1);
  accepted.sort((a, b) => b.weight - a.weight);
  return accepted[0]?.tag ?? null;
}
