// A question before something that is hard to undo. The browser's own dialog: it keeps the focus, and gives it back.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What the button says that does it. */
  readonly deed: string;
  readonly isDangerous?: boolean;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before it is done. */
export function Confirm({ title, children, deed, isDangerous = false, isBusy, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        {children}
        <div class="buttons">
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} disabled={isBusy}>
            {deed}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Shows a temporary password: it is nowhere else, and not here again. */
export function TemporaryPassword({ password, onClose }: { readonly password: string; readonly onClose: () => void }) {
  return (
    <Dialog title="Temporary password" onClose={onClose}>
      <p>It is shown only now. Give it to the user in a way that nobody else can read.</p>
      <p class="secret">
        <output>{password}</output>
      </p>
      <div class="buttons">
        {navigator.clipboard && (
          <button type="button" onClick={() => void navigator.clipboard.writeText(password)}>
            Copy
          </button>
        )}
        <button type="button" class="primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
