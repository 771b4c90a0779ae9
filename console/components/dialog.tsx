// Modal dialogs. The browser's own <dialog> keeps the focus inside, and returns it when it closes.
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

interface ConfirmDialogProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** The label of the button that confirms: a verb, such as "Delete". */
  readonly confirmLabel: string;
  readonly isDangerous?: boolean;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks for confirmation. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  isDangerous = false,
  isBusy,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
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
            {confirmLabel}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface CopyButtonsProps {
  readonly text: string;
  readonly onClose: () => void;
}

/** The buttons of a dialog whose text is shown once. */
export function CopyButtons({ text, onClose }: CopyButtonsProps) {
  return (
    <div class="buttons">
      {navigator.clipboard && (
        <button type="button" onClick={() => void navigator.clipboard.writeText(text)}>
          Copy
        </button>
      )}
      <button type="button" class="primary" onClick={onClose}>
        Done
      </button>
    </div>
  );
}

interface TemporaryPasswordDialogProps {
  readonly password: string;
  readonly onClose: () => void;
}

/** Shows a temporary password. The service stores only its hash, so it cannot be shown again. */
export function TemporaryPasswordDialog({ password, onClose }: TemporaryPasswordDialogProps) {
  return (
    <Dialog title="Temporary password" onClose={onClose}>
      <p>Copy it now: it will not be shown again. Pass it to the user over a private channel.</p>
      <p class="secret">
        <output>{password}</output>
      </p>
      <CopyButtons text={password} onClose={onClose} />
    </Dialog>
  );
}
