// A labelled input, with its hint and what is wrong with it tied to it for screen readers.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly wrong?: string | undefined;
  /** Gets what ties the input to its label. */
  readonly children: (ties: Ties) => ComponentChildren;
}

export interface Ties {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

export function Field({ label, hint, wrong, children }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, wrong !== undefined && `${id}-wrong`]
    .filter(Boolean)
    .join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': wrong !== undefined })}
      {hint !== undefined && (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong !== undefined && (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'datetime-local';
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autocomplete?: 'off' | 'username' | 'current-password' | 'new-password';
  readonly inputMode?: 'text' | 'numeric';
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** Of a time: seconds, so that they can be entered. */
  readonly step?: number;
}

/** A field of one line. */
export function TextField({ label, hint, wrong, onValue, type = 'text', ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(ties) => (
        <input
          {...input}
          {...ties}
          // The types of Preact know which role each type may have, and so want to know which one it is.
          type={type as 'text'}
          autocapitalize="none"
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface ChoiceProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** One of a few. */
export function ChoiceField({ label, hint, wrong, value, onValue, options }: ChoiceProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(ties) => (
        <select {...ties} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChecksProps {
  readonly legend: string;
  readonly hint?: string | undefined;
  readonly options: readonly (readonly [value: string, text: string | undefined])[];
  readonly chosen: readonly string[];
  readonly onChosen: (chosen: readonly string[]) => void;
  readonly disabled?: boolean | undefined;
}

/** Any of a few. */
export function Checks({ legend, hint, options, chosen, onChosen, disabled }: ChecksProps) {
  return (
    <fieldset class="checks" disabled={disabled}>
      <legend>{legend}</legend>
      {hint !== undefined && <p class="quiet">{hint}</p>}
      {options.map(([value, text]) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ currentTarget: { checked } }) =>
              onChosen(checked ? [...chosen, value] : chosen.filter((each) => each !== value))
            }
          />
          <span>
            <code>{value}</code>
            {text && <span class="quiet"> {text}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
