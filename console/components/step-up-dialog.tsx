// Asks the operator to prove their identity again, before a change that needs a recent proof.
import { useState } from 'preact/hooks';
import type { Proof, Service } from '../session.js';
import { useAction } from '../use-action.js';
import { CodeField, hasCodes } from './code-field.js';
import { ConfirmDialog } from './dialog.js';
import { ErrorBanner } from './error-banner.js';
import { TextField } from './field.js';

interface StepUpDialogProps {
  /** What the operator can prove their identity with. */
  readonly factors: readonly string[];
  readonly stepUp: Service['stepUp'];
  readonly onClose: (isProved: boolean) => void;
}

export function StepUpDialog({ factors, stepUp, onClose }: StepUpDialogProps) {
  const [text, setText] = useState('');
  const { run, error, isBusy } = useAction();
  const prove = (proof: Proof) =>
    void run(async () => {
      await stepUp(proof);
      onClose(true);
    });
  const typed = factors.includes('password') ? 'password' : hasCodes(factors) ? 'code' : undefined;
  return (
    <ConfirmDialog
      title="Confirm that it is you"
      confirmLabel={typed ? 'Confirm' : 'Use a passkey'}
      isBusy={isBusy}
      onClose={() => onClose(false)}
      onConfirm={() => prove(typed ? { type: typed, text } : { type: 'passkey' })}
    >
      <p>You logged in some time ago, and this change needs a recent proof of your identity.</p>
      <ErrorBanner error={error} />
      {typed && factors.includes('passkey') && (
        <button type="button" disabled={isBusy} onClick={() => prove({ type: 'passkey' })}>
          Use a passkey
        </button>
      )}
      {typed === 'password' && (
        <TextField
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
          value={text}
          onValueChange={setText}
        />
      )}
      {typed === 'code' && <CodeField factors={factors} value={text} onValueChange={setText} />}
    </ConfirmDialog>
  );
}
