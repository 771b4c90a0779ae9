// One setting: what it is, its value to change, and where it came from. A lost race shows the other's value and keeps what was typed.
import { useId, useState } from 'preact/hooks';
import { LatchkeyError } from '../../client/index.js';
import type { Instances, Setting } from '../api.js';
import { Who } from '../components/actor-link.js';
import { fieldError, Trouble } from '../components/error-banner.js';
import { ChoiceField, Field } from '../components/field.js';
import { Moment } from '../components/timestamp.js';
import { useConsole } from '../session.js';
import { boundsOf, counted, DURATIONS, type DurationUnit, secondsIn, spoken, unitOf } from '../units.js';
import { useAct } from '../use-load.js';
import { SettingHistory } from './setting-history.js';

interface SettingCardProps {
  readonly setting: Setting;
  readonly onChanged: (setting: Setting) => void;
  readonly onReached: (instances: Instances) => void;
}

/** What is in the inputs. */
interface Draft {
  readonly amount: string;
  readonly unit: DurationUnit | null;
  readonly on: boolean;
}

export function SettingCard({ setting, onChanged, onReached }: SettingCardProps) {
  const { call, may, say } = useConsole();
  const { act, error, isBusy } = useAct();
  const [draft, setDraft] = useState<Draft>();
  const [lost, setLost] = useState<Setting>();
  const [reached, setReached] = useState<string>();
  const id = useId();
  const { name, unit, type, version } = setting;
  const path = `/api/admin/settings/${name}/`;
  const mayWrite = may('settings:write');
  const shown = draft ?? draftOf(setting);
  const value = enteredIn(shown, setting);
  const isChanged = value !== setting.value;
  const wrong = isChanged ? (complaint(value, setting) ?? fieldError(error, '/value')) : undefined;

  function change(part: Partial<Draft>) {
    setDraft({ ...shown, ...part });
    setReached(undefined);
  }

  /** Sends a change that holds only if nobody else was quicker. */
  function send(done: (now: Setting) => string, request: () => Promise<Setting>): void {
    void act(async () => {
      setReached(undefined);
      try {
        const now = await request();
        onChanged(now);
        setDraft(undefined);
        setLost(undefined);
        say(done(now));
        await follow();
      } catch (refusal) {
        if (!(refusal instanceof LatchkeyError) || refusal.code !== 'setting_changed') throw refusal;
        // The draft stays.
        const theirs = await call<Setting>('GET', path);
        onChanged(theirs);
        setLost(theirs);
      }
    });
  }

  /** Looks on until every instance has the change, or for ten seconds. */
  async function follow(): Promise<void> {
    for (let tries = 0; tries < 20; tries += 1) {
      let seen: Instances;
      try {
        seen = await call<Instances>('GET', '/api/admin/instances/');
      } catch {
        // The change itself has been made.
        return;
      }
      onReached(seen);
      const have = seen.instances.filter(({ current }) => current).length;
      setReached(`Reached ${have} of ${counted(seen.instances.length, 'instances')}.`);
      if (have === seen.instances.length) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  return (
    <article class="card setting" aria-labelledby={id}>
      <header>
        <h3 id={id}>{name}</h3>
        <span class={`badge ${setting.source}`}>
          {setting.source === 'database' ? 'changed' : setting.source === 'environment' ? 'environment' : 'default'}
        </span>
      </header>
      <p>
        {/* Every other part stands between backticks. */}
        {setting.description.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={part}>{part}</code>))}
      </p>
      {setting.ignored !== null && (
        <p class="trouble">
          <strong>The row in the database is ignored.</strong> It {setting.ignored}. In force:{' '}
          {spoken(setting.value, unit)}.
        </p>
      )}
      {lost && (
        <div class="trouble" role="alert">
          <p>
            <strong>Somebody was quicker.</strong> <Who name={lost.updated_by} /> has set it to{' '}
            <strong>{spoken(lost.value, unit)}</strong>.{' '}
            {isChanged ? (
              <>
                What you entered is still here: save it to put it in the place of theirs, or{' '}
                <button
                  type="button"
                  class="link"
                  onClick={() => {
                    setDraft(undefined);
                    setLost(undefined);
                  }}
                >
                  keep theirs
                </button>
                .
              </>
            ) : (
              'Nothing was changed by you.'
            )}
          </p>
        </div>
      )}
      {wrong === undefined && <Trouble error={error} />}
      {mayWrite ? (
        <form
          noValidate
          aria-labelledby={id}
          onSubmit={(event) => {
            event.preventDefault();
            if (wrong !== undefined || !isChanged) return;
            send(
              (now) => `${name} is now ${spoken(now.value, unit)}.`,
              () => call('PUT', path, { value, version }),
            );
          }}
        >
          {type === 'boolean' ? (
            <label class="check">
              <input
                type="checkbox"
                checked={shown.on}
                onChange={(event) => change({ on: event.currentTarget.checked })}
              />
              <span>On</span>
            </label>
          ) : (
            <div class="amount">
              <Field label="Value" hint={hintOf(value, setting, shown)} wrong={wrong}>
                {(ties) => (
                  <input
                    {...ties}
                    type="number"
                    step="any"
                    required
                    value={shown.amount}
                    onInput={(event) => change({ amount: event.currentTarget.value })}
                  />
                )}
              </Field>
              {shown.unit !== null ? (
                <ChoiceField
                  label="Unit"
                  value={shown.unit}
                  options={DURATIONS.map(([each]) => [each, each])}
                  onValue={(each) => change({ unit: each as DurationUnit })}
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
                Undo
              </button>
            )}
            {version > 0 && (
              <button
                type="button"
                disabled={isBusy}
                onClick={() =>
                  send(
                    (now) => `${name} is back at its default, ${spoken(now.value, unit)}.`,
                    () => call('DELETE', `${path}?version=${version}`),
                  )
                }
              >
                Back to the default
              </button>
            )}
          </div>
        </form>
      ) : (
        <p>
          <strong>{spoken(setting.value, unit)}</strong>
        </p>
      )}
      <p class="quiet" role="status">
        {reached}
      </p>
      <p class="quiet">
        Default: {spoken(setting.default, unit)}
        {boundsOf(setting) && ` · allowed: ${boundsOf(setting)}`}
        {setting.updated_at && (
          <>
            {' '}
            · changed <Moment at={setting.updated_at} /> by <Who name={setting.updated_by} />
          </>
        )}
      </p>
      <SettingHistory
        setting={setting}
        onRollback={
          mayWrite && !isBusy
            ? (to) =>
                send(
                  (now) => `${name} is back at ${spoken(now.value, unit)}.`,
                  () => call('POST', `${path}rollback/`, { to, version }),
                )
            : undefined
        }
      />
    </article>
  );
}

function draftOf({ value, unit }: Setting): Draft {
  if (typeof value === 'boolean') return { amount: '', unit: null, on: value };
  if (unit !== 'seconds') return { amount: String(value), unit: null, on: false };
  const best = unitOf(value);
  return { amount: String(value / secondsIn(best)), unit: best, on: false };
}

/** NaN for what is no number. */
function enteredIn({ amount, unit, on }: Draft, { type }: Setting): number | boolean {
  if (type === 'boolean') return on;
  if (amount.trim() === '') return Number.NaN;
  const value = Number(amount) * (unit === null ? 1 : secondsIn(unit));
  // 0.1 days are 8640 seconds, and not a billionth more.
  return Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value;
}

function complaint(value: number | boolean, setting: Setting): string | undefined {
  if (typeof value === 'boolean') return undefined;
  if (!Number.isInteger(value)) return `must be a whole number${setting.unit ? ` of ${setting.unit}` : ''}`;
  const { minimum, maximum } = setting;
  const isInside = value >= (minimum ?? value) && value <= (maximum ?? value);
  return isInside ? undefined : `must be from ${boundsOf(setting)}`;
}

/** A duration in another unit is told in seconds, too, which is what is stored; one in seconds in the best unit. */
function hintOf(value: number | boolean, { unit }: Setting, draft: Draft): string | undefined {
  if (draft.unit === null || typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (draft.unit !== 'seconds') return `= ${counted(value, unit)}`;
  return unitOf(value) === 'seconds' ? undefined : `= ${spoken(value, unit)}`;
}
