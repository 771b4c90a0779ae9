// The names under which throttles count attempts that are no passwords; those are counted under the address of the account.

/** The name under which wrong codes of an account's second factors are counted: apart from its wrong passwords. */
export function secondFactorsOf(userId: number): string {
  return `second factor of ${userId}`;
}

/** The name under which wrong first codes of an account's new authenticator apps are counted: apart from those of its second factors. */
export function enrolmentsOf(userId: number): string {
  return `enrolment of ${userId}`;
}

/** The name under which refused logins with a passkey of an account are counted: apart from its passwords and codes. */
export function passkeysOf(userId: number): string {
  return `passkey of ${userId}`;
}
