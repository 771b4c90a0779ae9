// The field for a code of an authenticator app or a recovery code, for an account that has one of them.
import { TextField } from './field.js';

interface CodeFieldProps {
  /** What the account has, as the API names it. */
  readonly factors: readonly string[];
  readonly value: string;
  readonly onValueChange: (value: string) => void;
}

export function CodeField({ factors, ...field }: CodeFieldProps) {
  const hasApp = factors.includes('totp');
  const hint = factors.includes('recovery_code')
    ? 'The code that your authenticator app shows, or a recovery code.'
    : 'The code that your authenticator app shows.';
  return (
    <TextField
      label={hasApp ? 'Code' : 'Recovery code'}
      hint={hasApp ? hint : undefined}
      autocomplete="one-time-code"
      required
      {...field}
    />
  );
}

/** Whether the account has anything that can be typed. */
export function hasCodes(factors: readonly string[]): boolean {
  return factors.includes('totp') || factors.includes('recovery_code');
}
