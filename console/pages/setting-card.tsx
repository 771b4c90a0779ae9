// One live setting: its description, its value, a form to change it, and its history. If another operator has changed it first, the
// card shows their value and keeps the draft.
import { useId, useState } from 'preact/hooks';
import { LatchkeyError } from '../../client/index.js';
import type { Instances, Setting } from '../api.js';
import { ActorLink } from '../components/actor-link.js';
import { ErrorBanner, fieldError } from '../components/error-banner.js';
import { Field, SelectField } from '../components/field.js';
import { Timestamp } from '../components/timestamp.js';
import {
  DURATION_UNITS,
  type DurationUnit,
  formatCount,
  formatRange,
  formatValue,
  largestWholeUnit,
  secondsPer,
  settingLabel,
} from '../format.js';
import { useConsole } from '../session.js';
import { useAction } from '../use-action.js';
import { SettingHistory } from './setting-history.js';

interface SettingCardProps {
  readonly setting: Setting;
  readonly onSettingChange: (setting: Setting) => void;
  /** Called while a change reaches the instances. */
  readonly onInstancesChange: (instances: Instances) => void;
}

/** The state of the inputs. */
interface Draft {
  /** The text of the number input; empty for a boolean. */
  readonly number: string;
  /** The selected unit of a duration. */
  readonly unit: DurationUnit | null;
  /** The state of the checkbox of a boolean. */
  readonly checked: boolean;
}

/** How long and how often to check whether a change has reached every instance. */
const PROPAGATION_CHECKS = 20;
const PROPAGATION_CHECK_MILLISECONDS = 500;

const SOURCE_LABELS = { database: 'Changed', environment: 'Environment', default: 'Default' } as const;

export function SettingCard({ setting, onSettingChange, onInstancesChange }: SettingCardProps) {
  const { call, hasPermission, notify } = useConsole();
  const { run, error, isBusy } = useAction();
  const [draft, setDraft] = useState<Draft>();
  const [conflict, setConflict] = useState<Setting>();
  const [propagation, setPropagation] = useState<string>();
  const id = useId();
  const { name, unit, type, version } = setting;
  const path = `/api/admin/settings/${name}/`;
  const canWrite = hasPermission('settings:write');
  const shown = draft ?? draftOf(setting);
  const value = parseDraft(shown, setting);
  const range = formatRange(setting);
  const isChanged = value !== setting.value;
  const inputError = isChanged ? (validate(value, setting) ?? fieldError(error, '/value')) : undefined;

  function edit(changes: Partial<Draft>) {
    setDraft({ ...shown, ...changes });
    setPropagation(undefined);
  }

  /** Sends a change of the version that is shown. On a conflict the current value is loaded, and the draft stays. */
  function submit(messageFor: (changed: Setting) => string, request: () => Promise<Setting>): void {
    void run(async () => {
      setPropagation(undefined);
      try {
        const changed = await request();
        onSettingChange(changed);
        setDraft(undefined);
        setConflict(undefined);
        notify(messageFor(changed));
        await followPropagation();
      } catch (error) {
        if (!(error instanceof LatchkeyError) || error.code !== 'setting_changed') throw error;
        const current = await call<Setting>('GET', path);
        onSettingChange(current);
        setConflict(current);
      }
    });
  }

  /** Polls the instances until all of them have applied the change, or for about ten seconds. */
  async function followPropagation(): Promise<void> {
    for (let checks = 0; checks < PROPAGATION_CHECKS; checks += 1) {
      let list: Instances;
      try {
        list = await call<Instances>('GET', '/api/admin/instances/');
      } catch {
        // Not shown as an error: the change itself has succeeded.
        return;
      }
      onInstancesChange(list);
      const applied = list.instances.filter(({ current }) => current).length;
      setPropagation(`Applied on ${applied} of ${formatCount(list.instances.length, 'instances')}.`);
      if (applied === list.instances.length) return;
      await new Promise((resolve) => setTimeout(resolve, PROPAGATION_CHECK_MILLISECONDS));
    }
  }

  function discardDraft() {
    setDraft(undefined);
    setConflict(undefined);
  }

  return (
    <article class="card setting" aria-labelledby={id}>
      <header>
        <h3>{settingLabel(name)}</h3>
        <code id={id}>{name}</code>
        <span class={`badge ${setting.source}`}>{SOURCE_LABELS[setting.source]}</span>
      </header>
      <p>
        {/* Descriptions mark code with backticks: every second part is code. */}
        {setting.description.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={part}>{part}</code>))}
      </p>
      {setting.ignored !== null && (
        <p class="error-banner">
          <strong>The value in the database is ignored.</strong> It {setting.ignored}. The value in effect is{' '}
          {formatValue(setting.value, unit)}.
        </p>
      )}
      {conflict && (
        <div class="error-banner" role="alert">
          <p>
            <strong>This setting has changed.</strong> It was set to{' '}
            <strong>{formatValue(conflict.value, unit)}</strong> by <ActorLink name={conflict.updated_by} />.{' '}
            {isChanged ? (
              <>
                Save to overwrite that with your value, or{' '}
                <button type="button" class="link" onClick={discardDraft}>
                  discard your value
                </button>
                .
              </>
            ) : (
              'Your change was not applied.'
            )}
          </p>
        </div>
      )}
      {inputError === undefined && <ErrorBanner error={error} />}
      {canWrite ? (
        <form
          noValidate
          aria-labelledby={id}
          onSubmit={(event) => {
            event.preventDefault();
            if (inputError !== undefined || !isChanged) return;
            submit(
              (changed) => `${name} is now ${formatValue(changed.value, unit)}.`,
              () => call('PUT', path, { value, version }),
            );
          }}
        >
          {type === 'boolean' ? (
            <label class="checkbox">
              <input
                type="checkbox"
                checked={shown.checked}
                onChange={(event) => edit({ checked: event.currentTarget.checked })}
              />
              <span>On</span>
            </label>
          ) : (
            <div class="value-input">
              <Field label="Value" hint={conversionHint(value, setting, shown)} error={inputError}>
                {(attributes) => (
                  <input
                    {...attributes}
                    type="number"
                    step="any"
                    required
                    value={shown.number}
                    onInput={(event) => edit({ number: event.currentTarget.value })}
                  />
                )}
              </Field>
              {shown.unit !== null ? (
                <SelectField
                  label="Unit"
                  value={shown.unit}
                  options={DURATION_UNITS.map(([each]) => [each, each])}
                  onValueChange={(each) => edit({ unit: each as DurationUnit })}
                />
              ) : (
                unit && <span class="unit">{unit}</span>
              )}
            </div>
          )}
          <div class="buttons">
            <button type="submit" class="primary" disabled={isBusy || !isChanged}>
              Save
            </button>
            {isChanged && draft && (
              <button type="button" onClick={() => setDraft(undefined)}>
                Discard
              </button>
            )}
            {version > 0 && (
              <button
                type="button"
                disabled={isBusy}
                onClick={() =>
                  submit(
                    (changed) => `${name} was reset to its default, ${formatValue(changed.value, unit)}.`,
                    () => call('DELETE', `${path}?version=${version}`),
                  )
                }
              >
                Reset to default
              </button>
            )}
          </div>
        </form>
      ) : (
        <p>
          <strong>{formatValue(setting.value, unit)}</strong>
        </p>
      )}
      <p class="muted" role="status">
        {propagation}
      </p>
      <p class="muted">
        Default: {formatValue(setting.default, unit)}
        {range && ` · Range: ${range}`}
        {setting.updated_at && (
          <>
            {' '}
            · Changed <Timestamp at={setting.updated_at} /> by <ActorLink name={setting.updated_by} />
          </>
        )}
      </p>
      <SettingHistory
        setting={setting}
        onRollback={
          canWrite && !isBusy
            ? (to) =>
                submit(
                  (changed) => `${name} was rolled back to ${formatValue(changed.value, unit)}.`,
                  () => call('POST', `${path}rollback/`, { to, version }),
                )
            : undefined
        }
      />
    </article>
  );
}

function draftOf({ value, unit }: Setting): Draft {
  if (typeof value === 'boolean') return { number: '', unit: null, checked: value };
  if (unit !== 'seconds') return { number: String(value), unit: null, checked: false };
  const largest = largestWholeUnit(value);
  return { number: String(value / secondsPer(largest)), unit: largest, checked: false };
}

/** The value that a draft stands for, in the setting's own unit. NaN if the input is not a number. */
function parseDraft({ number, unit, checked }: Draft, { type }: Setting): number | boolean {
  if (type === 'boolean') return checked;
  if (number.trim() === '') return Number.NaN;
  const value = Number(number) * (unit === null ? 1 : secondsPer(unit));
  // Removes floating-point errors: 0.07 days would be 6048.000000000001 seconds.
  return Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value;
}

function validate(value: number | boolean, setting: Setting): string | undefined {
  if (typeof value === 'boolean') return undefined;
  if (!Number.isInteger(value)) return `Enter a whole number${setting.unit ? ` of ${setting.unit}` : ''}.`;
  const { minimum, maximum } = setting;
  const isInRange = value >= (minimum ?? value) && value <= (maximum ?? value);
  return isInRange ? undefined : `Enter a value from ${formatRange(setting)}.`;
}

/** The entered duration in seconds, as it is stored; or, if it was entered in seconds, in its largest whole unit. */
function conversionHint(value: number | boolean, { unit }: Setting, draft: Draft): string | undefined {
  if (draft.unit === null || typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (draft.unit !== 'seconds') return `= ${formatCount(value, unit)}`;
  return largestWholeUnit(value) === 'seconds' ? undefined : `= ${formatValue(value, unit)}`;
}
