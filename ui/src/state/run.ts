/** One check as the window shows it: a pure function of the events that came. */
import type { CheckEvent, CheckRequest, Examination, ExplainedFinding, HostError, Stage, Step, StepState } from '../api/host';

/** The steps in their order; rows keep their place from the start. */
export const STEPS: readonly Step[] = [
  'address',
  'mail-host',
  'organisation',
  'sign-in',
  'mailbox',
  'calendar',
  'permissions',
];

export interface StepRow {
  step: Step;
  state: StepState;
  note: string | null;
  /** Since when it runs, in milliseconds of the window's clock. */
  since: number | null;
  /** How long it ran, in milliseconds; `null` while it runs or was not run in this window. */
  took: number | null;
}

/** The browser is open and the check waits for the person. */
export interface BrowserWait {
  stage: Stage;
  provider: string;
  url: string;
  seconds: number;
  opened: boolean;
}

export interface Run {
  runId: string;
  request: CheckRequest;
  rows: readonly StepRow[];
  browser: BrowserWait | null;
  slow: { step: Step; target: string } | null;
  cancelling: boolean;
  examination: Examination | null;
  failure: HostError | null;
  /** A report that somebody sent. */
  sent: boolean;
}

export function newRun(runId: string, request: CheckRequest): Run {
  const rows = STEPS.map((step): StepRow => ({ step, state: 'waiting', note: null, since: null, took: null }));
  return { runId, request, rows, browser: null, slow: null, cancelling: false, examination: null, failure: null, sent: false };
}

/** The run after an event. `now` is the window's clock in milliseconds. */
export function afterEvent(run: Run, event: CheckEvent, now: number): Run {
  switch (event.event) {
    case 'step': {
      const rows = run.rows.map((row) => (row.step === event.step ? changedRow(row, event.state, event.note, now) : row));
      const slow = run.slow?.step === event.step && event.state !== 'running' ? null : run.slow;
      return { ...run, rows, slow };
    }
    case 'waiting-for-browser': {
      const { stage, provider, url, seconds, opened } = event;
      return { ...run, browser: { stage, provider, url, seconds, opened } };
    }
    case 'browser-done':
      return { ...run, browser: null };
    case 'slow':
      return { ...run, slow: { step: event.step, target: event.target } };
  }
}

function changedRow(row: StepRow, state: StepState, note: string | null, now: number): StepRow {
  if (state === 'running') return { ...row, state, note: note ?? row.note, since: row.since ?? now };
  const took = row.since === null ? row.took : Math.max(0, now - row.since);
  return { ...row, state, note, since: null, took };
}

/** The run when its examination has come; the examination's word on each step is the last one. */
export function finished(run: Run, examination: Examination): Run {
  const rows = run.rows.map((row): StepRow => {
    const summary = examination.steps.find(({ step }) => step === row.step);
    return summary === undefined
      ? { ...row, state: row.state === 'waiting' || row.state === 'running' ? 'not-checked' : row.state, since: null }
      : { ...row, state: summary.state, note: summary.note, since: null };
  });
  return { ...run, rows, examination, browser: null, slow: null, cancelling: false, failure: null };
}

/** The run when the program failed. What was found until then stays on the screen. */
export function broken(run: Run, failure: HostError): Run {
  const rows = run.rows.map(
    (row): StepRow =>
      row.state === 'running' || row.state === 'waiting' ? { ...row, state: 'not-checked', since: null } : row,
  );
  return { ...run, rows, failure, browser: null, slow: null, cancelling: false };
}

/** An examination of the history, shown like one that has just ended. */
export function fromExamination(examination: Examination): Run {
  const request: CheckRequest = {
    address: examination.address,
    app: examination.app.id,
    language: examination.language,
    signIn: true,
    writeTest: false,
  };
  return finished(newRun(examination.id, request), examination);
}

/**
 * The finding that is the answer. What merely is worth knowing never takes its place, and a check that works is told
 * so first: then there is none.
 */
export function leadOf(examination: Examination): ExplainedFinding | undefined {
  if (examination.verdict === 'works') return undefined;
  const grave = examination.findings.find(({ severity }) => severity !== 'note');
  return grave ?? (examination.verdict === 'inconclusive' ? undefined : examination.findings[0]);
}

/** A step that ended otherwise than in the check before. */
export interface Change {
  step: Step;
  was: StepState;
  is: StepState;
}

/** What is different from the check before. */
export interface Changes {
  /** In the order of the steps. */
  steps: Change[];
  /** Titles of what is not found any more; none where a step was not checked this time. */
  gone: string[];
  /** Titles of what was not found before. */
  come: string[];
}

export function changesSince(before: Examination, after: Examination): Changes {
  const steps = STEPS.flatMap((step): Change[] => {
    const was = before.steps.find((summary) => summary.step === step)?.state;
    const is = after.steps.find((summary) => summary.step === step)?.state;
    return was === undefined || is === undefined || was === is ? [] : [{ step, was, is }];
  });
  const without = (all: Examination, others: Examination): string[] =>
    all.findings
      .filter(({ cause, variant }) => !others.findings.some((other) => other.cause === cause && other.variant === variant))
      .map(({ title }) => title);
  // What was not looked at this time has not gone away.
  const lookedAtLess = steps.some(({ is }) => is === 'not-checked');
  return { steps, gone: lookedAtLess ? [] : without(before, after), come: without(after, before) };
}

/** What is happening now: the running step that comes first. */
export function currentStep(run: Run): StepRow | null {
  return run.rows.find((row) => row.state === 'running') ?? null;
}

export function doneCount(run: Run): number {
  return run.rows.filter((row) => row.state !== 'waiting' && row.state !== 'running').length;
}

export function isRunning(run: Run): boolean {
  return run.examination === null && run.failure === null;
}
