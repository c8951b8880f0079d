import { describe, expect, it } from 'vitest';
import type { CheckEvent, CheckRequest } from '../../src/api/host';
import { examinationOf, SCENES } from '../../src/api/scripted/scenes';
import { example } from '../../src/api/scripted/words';
import { afterEvent, broken, changesSince, currentStep, doneCount, finished, isRunning, leadOf, newRun, STEPS, type Run } from '../../src/state/run';

const REQUEST: CheckRequest = { address: 'ana@contoso.example', app: 'hubspot', language: 'en', signIn: true, writeTest: false };

function play(run: Run, events: CheckEvent[]): Run {
  return events.reduce((state, event, index) => afterEvent(state, event, index * 100), run);
}

describe('a run', () => {
  it('has all seven steps waiting from the start', () => {
    const run = newRun('r', REQUEST);
    expect(run.rows.map(({ step }) => step)).toEqual(STEPS);
    expect(run.rows.every(({ state }) => state === 'waiting')).toBe(true);
    expect(doneCount(run)).toBe(0);
  });

  it('keeps every row in its place whatever happens', () => {
    const run = play(newRun('r', REQUEST), [
      { event: 'step', step: 'calendar', state: 'running', note: null },
      { event: 'step', step: 'address', state: 'problem', note: 'x' },
    ]);
    expect(run.rows.map(({ step }) => step)).toEqual(STEPS);
  });

  it('measures a step from its first "running" to its end', () => {
    const run = play(newRun('r', REQUEST), [
      { event: 'step', step: 'mail-host', state: 'running', note: null },
      { event: 'step', step: 'mail-host', state: 'running', note: null },
      { event: 'step', step: 'mail-host', state: 'fine', note: 'Microsoft 365' },
    ]);
    expect(run.rows[1]).toMatchObject({ state: 'fine', note: 'Microsoft 365', took: 200 });
  });

  it('shows the first running step as what happens now', () => {
    const run = play(newRun('r', REQUEST), [
      { event: 'step', step: 'organisation', state: 'running', note: null },
      { event: 'step', step: 'mail-host', state: 'running', note: null },
    ]);
    expect(currentStep(run)?.step).toBe('mail-host');
  });

  it('forgets that a step was slow when the step ends', () => {
    const run = play(newRun('r', REQUEST), [
      { event: 'step', step: 'mailbox', state: 'running', note: null },
      { event: 'slow', step: 'mailbox', target: 'graph.microsoft.com' },
    ]);
    expect(run.slow).toEqual({ step: 'mailbox', target: 'graph.microsoft.com' });
    expect(afterEvent(run, { event: 'step', step: 'mailbox', state: 'fine', note: null }, 9).slow).toBeNull();
  });

  it('never calls a step fine that the examination does not name', () => {
    const run = finished(newRun('r', REQUEST), { ...examinationOf('works', 'r', 'a@b.example', 'en'), steps: [] });
    expect(run.rows.every(({ state }) => state === 'not-checked')).toBe(true);
    expect(isRunning(run)).toBe(false);
  });

  it('that broke keeps what was found', () => {
    const run = broken(
      play(newRun('r', REQUEST), [
        { event: 'step', step: 'address', state: 'fine', note: null },
        { event: 'step', step: 'mailbox', state: 'running', note: null },
      ]),
      { code: 'engine', detail: '' },
    );
    expect(run.rows.find(({ step }) => step === 'address')?.state).toBe('fine');
    expect(run.rows.find(({ step }) => step === 'mailbox')?.state).toBe('not-checked');
  });

  it('that works is led by no finding, and a mere note never leads', () => {
    const note = { ...example('licence', 'en'), severity: 'note' as const };
    const works = { ...examinationOf('works', 'r', 'a@b.example', 'en'), findings: [note] };
    expect(leadOf(works)).toBeUndefined();
    const blocked = examinationOf('approval', 'r', 'a@b.example', 'en');
    expect(leadOf({ ...blocked, findings: [note, ...blocked.findings] })?.cause).toBe('consent-admin-required');
  });

  it('tells what is different from the one before', () => {
    const before = examinationOf('approval', 'r1', 'a@b.example', 'en');
    const after = examinationOf('works', 'r2', 'a@b.example', 'en');
    const changes = changesSince(before, after);
    expect(changes.gone).toEqual([before.findings[0]?.title]);
    expect(changes.come).toEqual([]);
    expect(changes.steps.map(({ step, was, is }) => [step, was, is])).toEqual([
      ['sign-in', 'problem', 'fine'],
      ['mailbox', 'not-checked', 'fine'],
      ['calendar', 'not-checked', 'fine'],
      ['permissions', 'not-checked', 'fine'],
    ]);
    const less = examinationOf('unsettled', 'less', before.address, 'en');
    expect(changesSince(before, less).gone, 'what was not checked is not called gone').toEqual([]);
    expect(changesSince(before, before)).toEqual({ steps: [], gone: [], come: [] });
  });
});

describe('every scripted scene', () => {
  it.each(Object.entries(SCENES))('%s tells of all seven steps in both languages', (_, scene) => {
    for (const language of ['en', 'ja'] as const) {
      const told = new Set(scene.lines(language).flatMap((line) => (line.event === 'step' && line.state !== 'running' ? [line.step] : [])));
      expect([...told].sort()).toEqual([...STEPS].sort());
    }
  });
});
