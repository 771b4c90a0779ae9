// PASSKEY_RP_ID and PASSKEY_ORIGINS: the domain that passkeys belong to, and the pages and apps that can use them (WebAuthn).

/** The relying party, as WebAuthn calls a service with passkeys. */
export interface RelyingParty {
  /** The RP ID: a domain. Browsers offer its passkeys to pages of this domain and of its subdomains. */
  readonly id: string;
  /** The origins of pages and apps that can use the passkeys. Empty: pages of this machine, on any port. */
  readonly origins: readonly string[];
}

/** The relying party of a service that only this machine can reach. */
export const LOCAL_RELYING_PARTY: RelyingParty = { id: 'localhost', origins: [] };

/** An app for Android, by the SHA-256 of its signing certificate. */
const ANDROID_ORIGIN = /^android:apk-key-hash:[\w-]{43}$/;
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Whether a text can be an RP ID: a domain in lower case, with international names as `xn--`. Browsers refuse IP addresses. */
export function isRpId(text: string): boolean {
  const labels = text.split('.');
  return text.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** Whether passkeys work in a page or an app of this origin: browsers require https, except on the machine itself. */
export function isPasskeyOrigin(text: string): boolean {
  if (ANDROID_ORIGIN.test(text)) return true;
  if (!URL.canParse(text) || new URL(text).origin !== text) return false;
  const { protocol, hostname } = new URL(text);
  if (!isRpId(hostname)) return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(.+\.)?localhost$/.test(hostname));
}

/** Whether a page of the origin can use passkeys of the domain. An app proves that by a file on the domain instead. */
export function isOriginOf(origin: string, rpId: string): boolean {
  if (ANDROID_ORIGIN.test(origin)) return true;
  const { hostname } = new URL(origin);
  return hostname === rpId || hostname.endsWith(`.${rpId}`);
}
