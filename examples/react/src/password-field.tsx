// A labelled field for the current password.
interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function PasswordField({ label, value, onChange }: Props) {
  return (
    <label>
      {label}
      <input
        type="password"
        autoComplete="current-password"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
