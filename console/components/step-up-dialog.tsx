// Asks the operator to prove their identity again, before a change that needs a recent proof.
import { useState } from 'preact/hooks';
import type { Service } from '../session.js';
import { useAction } from '../use-action.js';
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
  const type = factors.includes('password') ? 'password' : 'code';
  return (
    <ConfirmDialog
      title="Confirm that it is you"
      confirmLabel="Confirm"
      isBusy={isBusy}
      onClose={() => onClose(false)}
      onConfirm={() =>
        void run(async () => {
          await stepUp({ type, text });
          onClose(true);
        })
      }
    >
      <p>You logged in some time ago, and this change needs a recent proof of your identity.</p>
      <ErrorBanner error={error} />
      {type === 'password' ? (
        <TextField
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
          value={text}
          onValueChange={setText}
        />
      ) : (
        <TextField
          label="Code"
          hint="The code that your authenticator app shows, or a recovery code."
          autocomplete="one-time-code"
          required
          value={text}
          onValueChange={setText}
        />
      )}
    </ConfirmDialog>
  );
}
