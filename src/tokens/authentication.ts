// How the owner of a session has proved their identity: the claims `amr` (RFC 8176) and `acr` of access tokens.

/**
 * A value of `amr`. `email` (a link or code that was mailed) and `recovery_code` are ours; RFC 8176 registers the others. A passkey is
 * `hwk` if it stays on one device, otherwise `swk`.
 */
export type AuthenticationMethod = 'pwd' | 'email' | 'otp' | 'recovery_code' | 'hwk' | 'swk' | 'user' | 'mfa';

/** Values of `acr`: what a client can ask for in a step-up (RFC 9470), by the number of factors. */
export const ACR = { oneFactor: 'urn:latchkey:acr:1', twoFactors: 'urn:latchkey:acr:2' } as const;

const SECOND_FACTORS: readonly string[] = ['otp', 'recovery_code', 'hwk', 'swk'] satisfies AuthenticationMethod[];

/**
 * The methods of a session as its row has them. `before`: those that it had already. `mfa` is added for a second factor beside a first one.
 */
export function amrOf(methods: readonly AuthenticationMethod[], before: string | null = null): string {
  const all = new Set([...methodsOf(before), ...methods]);
  const isSecond = (method: string) => SECOND_FACTORS.includes(method);
  const isFirst = (method: string) => method === 'pwd' || method === 'email';
  if ([...all].some(isSecond) && [...all].some(isFirst)) all.add('mfa');
  const [mfa, others] = [all.delete('mfa'), [...all]];
  return [...others, ...(mfa ? ['mfa'] : [])].join(' ');
}

/**
 * The methods of a proof with a passkey. Its device has verified the user, so that it stands for two factors. `backupEligible`: the passkey
 * can have copies outside its device.
 */
export function passkeyMethods({ backupEligible }: { readonly backupEligible: boolean }): AuthenticationMethod[] {
  return [backupEligible ? 'swk' : 'hwk', 'user', 'mfa'];
}

/** The methods in the row of a session; none if they were not recorded. */
export function methodsOf(amr: string | null): string[] {
  return amr === null || amr === '' ? [] : amr.split(' ');
}

/** The `acr` of methods. */
export function acrOf(methods: readonly string[]): string {
  return methods.includes('mfa') ? ACR.twoFactors : ACR.oneFactor;
}
