/** What the window knows. One instance; views get it as a property. */
import { tick } from 'svelte';
import {
  asHostError,
  type CheckReply,
  type Examination,
  type ExplainResult,
  type Host,
  type HostError,
  type HostEvent,
  type RecentCheck,
  type Language,
  type SettingRow,
  type SettingsState,
  type SettingValue,
  type StartState,
} from '../api/host';
import { addressProblem, suggestAddress, tidyAddress } from '../lib/address';
import { readTextFile } from '../lib/file';
import { LANGUAGES, languageOfTag, messagesOf } from '../locales';
import { Deletion, later, type Later } from './deletion.svelte';
import { Desk } from './desk.svelte';
import { hashOf, routeOf, type Route } from './route';
import { afterEvent, broken, finished, fromExamination, isRunning, leadOf, newRun, type Run } from './run';
import { followedMarks, marked, rememberedTheme, rememberTheme, type FollowUp, type Theme } from './remembered';

export class App {
  readonly host: Host;

  start = $state.raw<StartState | null>(null);
  startError = $state.raw<HostError | null>(null);

  /** Every setting, once somebody has looked at them. */
  settings = $state.raw<SettingsState | null>(null);

  languageChoice = $state<Language | null>(null);
  theme = $state<Theme>(rememberedTheme());
  route = $state<Route>('start');

  address = $state('');
  appId = $state('');
  signIn = $state(true);
  writeTest = $state(false);
  /** Whether the last check was stopped by the person. */
  stopped = $state(false);

  run = $state.raw<Run | null>(null);
  /** The check before this one, to be compared with. */
  before = $state.raw<Examination | null>(null);
  /** Whether the person asked for the comparison, so that "nothing has changed" is worth saying. */
  again = $state(false);
  explainText = $state('');
  explainDomain = $state('');
  explained = $state.raw<ExplainResult | null>(null);

  /** The part of the result that saves a report is open. */
  savingReport = $state(false);
  /** Where the focus goes in the view that comes next, in place of its heading. */
  nextFocus: string | null = null;

  /** A fault beside the main path (a link that would not open); shown as a note. */
  fault = $state.raw<HostError | null>(null);
  /** Told to screen readers, politely. */
  announcement = $state('');
  /** What was ticked off since, by examination. */
  followed = $state.raw(followedMarks.all());

  language = $derived.by((): Language => this.languageChoice ?? languageOfTag(this.start?.systemLanguage ?? navigator.language));
  t = $derived(messagesOf(this.language));
  appName = $derived(this.start?.apps.find(({ id }) => id === this.appId)?.name ?? this.appId);

  readonly deletion: Deletion;
  readonly desk: Desk;

  #abort: AbortController | null = null;

  constructor(host: Host, wait: Later = later) {
    this.host = host;
    this.deletion = new Deletion(host, wait);
    this.desk = new Desk(host, wait);
  }

  /** Does what menus, shortcuts and files opened outside ask for. */
  hear(told: HostEvent): void {
    if (told.event === 'fault') this.fault = told.error;
    else if (told.event === 'report') void this.openReportText(told.text);
    else void this.#choose(told.item);
  }

  async #choose(item: Extract<HostEvent, { event: 'menu' }>['item']): Promise<void> {
    switch (item) {
      case 'new-check':
        return this.go('start');
      case 'open-report':
        try {
          const file = await this.host.chooseReport();
          if (file !== null) await this.openReportText(file.text);
        } catch (thrown) {
          this.fault = asHostError(thrown);
        }
        return;
      case 'save-report':
        if (this.run?.examination == null) return;
        this.savingReport = true;
        if (this.route !== 'result') this.nextFocus = '#save-summary';
        this.go('result');
        await tick();
        document.getElementById('save-summary')?.focus();
        return;
      default:
        return this.go(item);
    }
  }

  /** Asks the program for everything that the first screen needs. */
  async begin(): Promise<void> {
    this.startError = null;
    try {
      const start = await this.host.start();
      this.start = start;
      this.languageChoice = start.settings.language.value;
      this.#followTheme(start);
      if (this.appId === '') this.appId = start.settings.app.value || (start.apps[0]?.id ?? '');
    } catch (thrown) {
      this.startError = asHostError(thrown);
    }
  }

  go(route: Route): void {
    const hash = hashOf(route);
    if (location.hash === hash) this.route = route;
    else location.hash = hash;
  }

  /** Follows the address bar; a view without content leads to the start. */
  followHash(): void {
    const route = routeOf(location.hash);
    const empty = (route === 'check' || route === 'result') && this.run === null;
    this.route = empty ? 'start' : route;
  }

  /** A likelier spelling of what was typed. */
  suggestion(): string | null {
    return suggestAddress(tidyAddress(this.address));
  }

  /** Runs the check on the screen once more, to be compared with it. */
  checkAgain(): void {
    const run = this.run;
    if (run === null || isRunning(run)) return;
    this.address = run.request.address;
    this.appId = run.request.app;
    const before = run.examination;
    void this.check();
    this.before = before;
  }

  /** Runs a check of what was typed. The address must have been found right before. */
  async check(): Promise<void> {
    if (this.run !== null && isRunning(this.run)) return;
    this.before = null;
    const address = tidyAddress(this.address);
    if (addressProblem(address) !== null) return;
    this.address = address;
    this.stopped = false;
    const runId = crypto.randomUUID();
    const abort = new AbortController();
    this.#abort = abort;
    this.run = newRun(runId, {
      address,
      app: this.appId,
      language: this.language,
      signIn: this.signIn,
      writeTest: this.writeTest,
    });
    this.go('check');
    try {
      const examination = await this.host.check(
        runId,
        this.run.request,
        (event) => {
          if (this.run?.runId !== runId) return;
          this.run = afterEvent(this.run, event, performance.now());
          if (event.event === 'waiting-for-browser') this.announce(this.t.browser.opened);
        },
        abort.signal,
      );
      if (this.run?.runId !== runId) return;
      this.again = this.before !== null;
      this.before ??= await this.#lastOf(address, this.appId);
      if (this.run?.runId !== runId) return;
      this.run = finished(this.run, examination);
      this.announce(leadOf(examination)?.title ?? this.t.result.verdict[examination.verdict]);
      if (this.route === 'check') this.go('result');
      void this.refreshRecent();
    } catch (thrown) {
      if (this.run?.runId !== runId) return;
      const error = asHostError(thrown);
      if (error.code === 'cancelled') {
        this.run = null;
        this.stopped = true;
        this.announce(this.t.start.stopped);
        if (this.route === 'check') this.go('start');
      } else {
        this.run = broken(this.run, error);
        this.announce(this.t.check.failed);
      }
    } finally {
      if (this.#abort === abort) this.#abort = null;
    }
  }

  /** The last check of this address for this app, from the history; `null` where there is none that can be read. */
  async #lastOf(address: string, appId: string): Promise<Examination | null> {
    const last = this.start?.recent.find((line) => line.address === address && line.app.id === appId);
    if (last === undefined) return null;
    try {
      const examination = await this.host.recentExamination(last.id);
      return examination.language === this.language ? examination : await this.host.reword(examination, this.language);
    } catch {
      return null;
    }
  }

  stop(): void {
    if (this.run === null || !isRunning(this.run) || this.run.cancelling) return;
    this.run = { ...this.run, cancelling: true };
    this.#abort?.abort();
  }

  /** Answers the check that waits for the browser. `true` when the answer arrived. */
  async reply(reply: CheckReply): Promise<boolean> {
    const runId = this.run?.runId;
    if (runId === undefined) return false;
    return this.attempt(() => this.host.reply(runId, reply));
  }

  /** Opens a check of the history; where it is gone, its address is ready to be checked again. */
  async openRecent(id: string, address: string, appId: string): Promise<void> {
    this.address = address;
    if (this.start?.apps.some((app) => app.id === appId) === true) this.appId = appId;
    try {
      this.showExamination(await this.host.recentExamination(id));
    } catch (thrown) {
      this.fault = asHostError(thrown);
    }
  }

  /** Opens a report file that somebody sent. What is on the screen stays when it is none. */
  async openReport(file: File): Promise<void> {
    if (this.run !== null && isRunning(this.run)) {
      this.fault = { code: 'busy', detail: '' };
      return;
    }
    const read = await readTextFile(file);
    if (read.kind === 'text') await this.openReportText(read.text);
    else this.fault = { code: 'not-a-report', detail: `${file.name}: ${read.kind}` };
  }

  /** The same with a text that the program has read. */
  async openReportText(text: string): Promise<void> {
    if (this.run !== null && isRunning(this.run)) {
      this.fault = { code: 'busy', detail: '' };
      return;
    }
    await this.attempt(async () => this.showExamination(await this.host.openReport(text, this.language), true));
  }

  /** Takes checks out of the list; `null` for all. They can come back for a while. */
  async deleteRecent(lines: readonly RecentCheck[], all: boolean): Promise<boolean> {
    const ids = lines.map(({ id }) => id);
    return this.attempt(async () => {
      await this.deletion.begin(all ? null : ids, ids.length);
      if (this.start !== null) this.start = { ...this.start, recent: this.start.recent.filter(({ id }) => !ids.includes(id)) };
      this.announce(this.t.history.deleted({ count: this.deletion.count }));
    });
  }

  async undoDelete(): Promise<void> {
    await this.attempt(async () => {
      await this.deletion.undo();
      await this.refreshRecent();
      this.announce(this.t.history.undone);
    });
  }

  showExamination(examination: Examination, sent = false): void {
    this.before = null;
    this.run = { ...fromExamination(examination), sent };
    this.go('result');
    if (examination.language !== this.language) void this.reword();
  }

  /** Chooses the language of the window; the words of a result on the screen follow. */
  async chooseLanguage(choice: Language | null): Promise<void> {
    this.languageChoice = choice;
    await Promise.all([
      this.attempt(() => this.host.setLanguage(choice)),
      this.reword(),
      this.explained === null ? undefined : this.explain(),
    ]);
  }

  async reword(): Promise<void> {
    const run = this.run;
    if (run?.examination == null || run.examination.language === this.language) return;
    try {
      const examination = await this.host.reword(run.examination, this.language);
      if (this.run === run) this.run = finished(run, examination);
    } catch {
      this.announce(this.t.result.reworded);
    }
  }

  /** Explains the pasted text. */
  async explain(): Promise<boolean> {
    return this.attempt(async () => {
      const domain = tidyAddress(this.explainDomain);
      const options = { app: this.appId, domain: domain === '' ? null : domain, language: this.language };
      this.explained = await this.host.explain(this.explainText, options);
      this.announce(this.explained.findings[0]?.title ?? '');
    });
  }

  /** Kept like every setting, and by the window itself, which is drawn before the program answers. */
  async setTheme(theme: Theme): Promise<void> {
    this.theme = theme;
    rememberTheme(theme);
    await this.attempt(() => this.setSetting('theme', theme === 'system' ? null : theme));
  }

  #followTheme(start: StartState): void {
    const { value, origin } = start.settings.theme;
    // Nothing set: what the window remembers, for a program that cannot write its settings.
    if (origin === 'built-in') return;
    this.theme = value;
    rememberTheme(value);
  }

  /** One setting as it stands; `null` before they are known. */
  settingOf(key: string): SettingRow | null {
    return this.settings?.rows.find((row) => row.key === key) ?? null;
  }

  async loadSettings(): Promise<void> {
    this.settings = await this.host.settings(this.language);
  }

  /** Writes one of the person's own settings, `null` takes it out; what follows from it holds at once. */
  async setSetting(key: string, value: SettingValue): Promise<void> {
    this.settings = await this.host.setSetting(key, value, this.language);
    const start = await this.host.start();
    if (this.start !== null) this.start = start;
    if (key === 'app') this.appId = start.settings.app.value;
  }

  async copy(text: string, told: string): Promise<boolean> {
    const done = await this.attempt(() => this.host.copy(text));
    if (done) this.announce(told);
    return done;
  }

  openLink(url: string): Promise<boolean> {
    return this.attempt(() => this.host.openLink(url));
  }

  /** Ticks a step of the checklist off, or not. A second message does not change when help was asked for. */
  follow(examinationId: string, step: FollowUp, done: boolean): void {
    if (done && this.followed[examinationId]?.[step] !== undefined) return;
    this.followed = marked(this.followed, examinationId, step, done ? new Date().toISOString() : null);
    followedMarks.keep(this.followed);
  }

  announce(text: string): void {
    this.announcement = text;
  }

  /** Does something beside the main path; a failure becomes a note, and nothing else changes. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.fault = null;
      return true;
    } catch (thrown) {
      this.fault = asHostError(thrown);
      return false;
    }
  }

  async refreshRecent(): Promise<void> {
    try {
      const { recent } = await this.host.start();
      if (this.start !== null) this.start = { ...this.start, recent };
    } catch {
      // The list is a convenience; the result is on the screen.
    }
  }
}

export { LANGUAGES };
