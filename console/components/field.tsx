// Form controls with a label. The hint and the error are tied to the control, so that screen readers read them with it.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  /** Renders the control with these attributes. */
  readonly children: (attributes: ControlAttributes) => ComponentChildren;
}

export interface ControlAttributes {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const describedBy = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error !== undefined })}
      {hint !== undefined && (
        <p class="muted" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'datetime-local';
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly autocomplete?:
    | 'off'
    | 'username'
    | 'username webauthn'
    | 'current-password'
    | 'new-password'
    | 'one-time-code';
  readonly inputMode?: 'text' | 'numeric';
  readonly required?: boolean;
  readonly disabled?: boolean;
  /** For `datetime-local`, in seconds: 1 lets seconds be entered. */
  readonly step?: number;
}

/** A single-line text input. */
export function TextField({ label, hint, error, onValueChange, type = 'text', ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input
          {...input}
          {...attributes}
          // Preact's types accept a `type` only as a literal, because they derive the allowed `role` from it.
          type={type as 'text'}
          autocapitalize="none"
          onInput={(event) => onValueChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** A drop-down list. */
export function SelectField({ label, hint, error, value, onValueChange, options }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <select {...attributes} value={value} onChange={(event) => onValueChange(event.currentTarget.value)}>
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckboxGroupProps {
  readonly legend: string;
  readonly options: readonly (readonly [value: string, description: string | undefined])[];
  readonly selected: readonly string[];
  readonly onSelectedChange: (selected: readonly string[]) => void;
  readonly disabled?: boolean | undefined;
}

export function CheckboxGroup({ legend, options, selected, onSelectedChange, disabled }: CheckboxGroupProps) {
  return (
    <fieldset class="checkbox-group" disabled={disabled}>
      <legend>{legend}</legend>
      {options.map(([value, description]) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={selected.includes(value)}
            onChange={({ currentTarget: { checked } }) =>
              onSelectedChange(checked ? [...selected, value] : selected.filter((each) => each !== value))
            }
          />
          <span>
            <code>{value}</code>
            {description && <span class="muted"> {description}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
