// The language that a browser prefers, as it is stored with an account for its mails.

const MAX_HEADER_LENGTH = 1000;
/** Longer than any tag of a language, script and region. */
const MAX_TAG_LENGTH = 35;
const ENTRY = /^\s*(?<tag>[a-z]{2,8}(-[a-z0-9]{1,8})*)\s*(;\s*q\s*=\s*(?<weight>0(\.\d{0,3})?|1(\.0{0,3})?)\s*)?$/i;

/**
 * The best tag of an `Accept-Language` header (RFC 9110 section 12.5.4) as a canonical BCP 47 tag of language, script and region, such as
 * `de-AT`. Null if there is none; what cannot be parsed is ignored.
 */
export function preferredLanguage(header: string | undefined): string | null {
  if (header === undefined) return null;
  let best: string | undefined;
  let highest = 0;
  // Cut before it is split, so that the time that this takes is bounded.
  for (const entry of header.slice(0, MAX_HEADER_LENGTH).split(',')) {
    const { tag = '', weight = '1' } = ENTRY.exec(entry)?.groups ?? {};
    const canonical = Number(weight) > highest ? canonicalLanguage(tag) : undefined;
    if (canonical === undefined) continue;
    best = canonical;
    highest = Number(weight);
  }
  return best ?? null;
}

/** The tag in canonical form, without variants and extensions; undefined if it is not valid. */
export function canonicalLanguage(tag: string): string | undefined {
  if (tag === '' || tag.length > MAX_TAG_LENGTH) return undefined;
  try {
    const { language, script, region } = new Intl.Locale(tag);
    return [language, script, region].filter(Boolean).join('-');
  } catch {
    return undefined;
  }
}
