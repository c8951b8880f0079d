/**
 * Plays every state of the program without the program: UI tests, screenshots, `npm run dev`.
 *
 * Which scene is played follows from the address (`approval@…`, `works@…`), or from `?scene=`. Further words of the
 * address bar: `lang` (system language), `hold` (stop before this event until `scripted.release()`), `fail` (command
 * names that fail, with commas), `empty` (no recent checks, no accounts), `policy` (settings of an organisation),
 * `damaged` (a settings file that cannot be read), `many` (a long history), `forgetful` (an organisation that keeps no history),
 * `pseudo` (the window's own words in disguise),
 * `pace` (milliseconds between events; none by default, and `scripted.release()` skips them).
 */
import {
  type AccountsState,
  type CheckReply,
  type CommandName,
  type Examination,
  type ExplainResult,
  type Host,
  type HostError,
  type Language,
  type Origin,
  type RecentCheck,
  type Setting,
  type SettingsInForce,
  type SettingValue,
  type SettingsState,
  type StartState,
  type Theme,
} from './host';
import { SCENES, SCENE_OF_PAGE, examinationOf, fixerOf, type SceneName } from './scripted/scenes';
import { replaceEnglish } from '../locales';
import { disguised } from './scripted/pseudo';
import { listening, type Told } from './commands';
import { deskAnswerOf, selfTests } from './scripted/desk';
import { BROWSERS, refusalOf, registrationTest, settingsState } from './scripted/settings';
import { explainScript } from './scripted/explain';
import { example, exampleOfCause } from './scripted/words';

/** What tests may see and do; also on `window.scripted`. */
export interface Script {
  /** Every call: command and arguments. */
  calls: Array<{ name: CommandName; args: unknown }>;
  /** Everything that was answered or told. */
  said: unknown[];
  /** Goes on where `hold` or a pace stopped. */
  release: () => void;
  /** Plays a menu item, a report file or a fault from outside. */
  tell: (event: Told) => void;
}

declare global {
  interface Window {
    scripted?: Script;
  }
}

export function scriptedHostOf(query: URLSearchParams): Host {
  if (query.has('pseudo')) replaceEnglish(disguised);
  const host = scriptedHost({
    scene: SCENE_NAMES.find((name) => name === query.get('scene')) ?? null,
    systemLanguage: query.get('lang') ?? 'en-GB',
    hold: query.get('hold'),
    fail: (query.get('fail') ?? '').split(','),
    empty: query.has('empty'),
    policy: query.has('policy'),
    many: query.has('many'),
    forgetful: query.has('forgetful'),
    damaged: query.has('damaged'),
    pace: Number(query.get('pace') ?? (import.meta.env.DEV ? '350' : '0')),
  });
  window.scripted = host.script;
  return host;
}

export interface ScriptedOptions {
  scene: SceneName | null;
  systemLanguage: string;
  hold: string | null;
  fail: string[];
  empty: boolean;
  policy: boolean;
  many: boolean;
  forgetful: boolean;
  pace: number;
  damaged?: boolean;
}

const SCENE_NAMES = Object.keys(SCENES) as SceneName[];
/** As `MAILTO_LIMIT` of the catalogue. */
const MAILTO_LIMIT = 2_000;
const CANCELLED: HostError = { code: 'cancelled', detail: '' };

function sceneOf(address: string): SceneName {
  const local = address.split('@', 1)[0] ?? '';
  const named = SCENE_NAMES.find((scene) => SCENES[scene].address === address);
  return named ?? SCENE_NAMES.find((scene) => scene === local) ?? 'approval';
}

export function scriptedHost(options: ScriptedOptions): Host & { script: Script } {
  let release: () => void = () => undefined;
  let answer: ((reply: CheckReply) => void) | null = null;
  let accounts: AccountsState = options.empty
    ? { accounts: [], store: 'ready' }
    : {
        accounts: [
          { provider: 'microsoft', address: 'works@contoso.example', tenant: 'contoso.example' },
          { provider: 'google', address: 'works@fabrikam.example', tenant: null },
        ],
        store: 'ready',
      };
  let kept: RecentCheck[] = options.empty || options.forgetful ? [] : recentChecks(languageOf(options), options.many);
  let aside: RecentCheck[] = [];
  const changed = new Map<string, SettingValue>();
  const settings = (): SettingsState => settingsState(startState(options).settings, changed, options.damaged ?? false);
  let hear: (told: Told) => void = () => undefined;
  const script: Script = { calls: [], said: [], release: () => release(), tell: (event) => hear(event) };

  async function call<Result>(name: CommandName, args: unknown, result: () => Result | Promise<Result>): Promise<Result> {
    script.calls.push({ name, args });
    try {
      if (options.fail.includes(name)) throw failureOf(name);
      const answer = await result();
      script.said.push(answer);
      return answer;
    } catch (thrown) {
      script.said.push(thrown);
      throw thrown;
    }
  }

  /** Waits for the pace; ends early on release or cancel. */
  function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined;
      release = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', () => reject(CANCELLED), { once: true });
      if (signal.aborted) reject(CANCELLED);
    });
  }

  function person(signal: AbortSignal): Promise<CheckReply> {
    return new Promise((resolve, reject) => {
      answer = resolve;
      // A test that plays the browser coming back by itself.
      release = () => resolve({ reply: 'pasted-address', address: 'http://localhost/' });
      signal.addEventListener('abort', () => reject(CANCELLED), { once: true });
      if (signal.aborted) reject(CANCELLED);
    });
  }

  const zoom: Host['zoom'] = (step) => call('zoom', { step }, () => undefined);
  const quit: Host['quit'] = () => call('quit', {}, () => undefined);

  return {
    script,
    start: () =>
      call('start_state', {}, () => {
        const start = startState(options);
        const { rows, problems } = settings();
        // What the person has set is in force at once.
        const own = rows.filter(({ key, origin }) => changed.has(key) && key in start.settings && origin === 'user');
        const inForce = Object.fromEntries(own.map(({ key, value }) => [key, { value, origin: 'user' }])) as Partial<SettingsInForce>;
        const all: SettingsInForce = { ...start.settings, ...inForce };
        const damagedHistory = options.damaged === true ? ['5f0c1b7a.json'] : [];
        return { ...start, settings: all, problems, damagedHistory, recent: all.keepHistory.value ? kept : [] };
      }),
    settings: (language = null) => call('settings', { language }, settings),
    setSetting: (key, value, language = null) =>
      call('set_setting', { key, value, language }, () => {
        const refusal = refusalOf(settings(), key, value);
        if (refusal !== null) throw refusal;
        changed.set(key, value);
        return settings();
      }),
    testRegistration: (request) => call('test_registration', { request }, () => registrationTest(request)),
    previewReport: (examination, format, redaction) =>
      call('preview_report', { examination, format, redaction }, () => {
        const shown = JSON.stringify(examination, null, 2);
        const masked = redaction === 'secrets' ? shown : shown.replaceAll(examination.address, '<user-1>@<domain-1>');
        return { text: format === 'html' ? `<!doctype html><html><body><pre>${masked.replaceAll('<', '&lt;')}</pre></body></html>` : masked, redaction };
      }),
    browsers: () => call('browsers', {}, () => (options.empty ? [] : [...BROWSERS])),
    chooseBrowser: (id) => call('choose_browser', { id }, () => undefined),
    chooseReport: () =>
      call('choose_report', {}, () => {
        const sent = examinationOf('approval', 'sent', SCENES.approval.address, languageOf(options));
        return { name: 'inbox-doctor-2026-11-24.inboxdoctor', text: JSON.stringify(sent) };
      }),
    zoom,
    quit,
    // Unit tests have no page that keys could come from.
    listen: (onEvent) => {
      if (typeof window === 'undefined') hear = (told) => told.event !== 'menu' && onEvent(told);
      else listening({ zoom, quit }, (onTold) => (hear = onTold))(onEvent);
    },
    check: (runId, request, onEvent, signal) =>
      call('check', { request, runId }, async () => {
        let name: SceneName = request.signIn ? (options.scene ?? sceneOf(request.address)) : 'unsettled';
        for (const line of SCENES[name].lines(request.language)) {
          const label = line.event === 'step' ? `${line.step}-${line.state}` : line.event;
          if (options.hold === label) await rest(Number.POSITIVE_INFINITY, signal);
          else if (options.pace > 0) await rest(options.pace, signal);
          if (signal.aborted) throw CANCELLED;
          if (line.event !== 'await-person') {
            script.said.push(line);
            onEvent(line);
            continue;
          }
          for (;;) {
            const reply = await person(signal);
            if (reply.reply === 'open-again') continue;
            if (reply.reply === 'skip-sign-in') name = 'unsettled';
            if (reply.reply === 'saw') name = SCENE_OF_PAGE[reply.page] ?? name;
            break;
          }
        }
        // Leaves the engine's last word a turn later than the last event, as a channel does.
        await Promise.resolve();
        return examinationOf(name, runId, request.address, request.language);
      }),
    reply: (runId, reply) => call('reply', { runId, reply }, () => answer?.(reply)),
    cancel: (runId) => call('cancel', { runId }, () => undefined),
    explain: (text, { app, domain, language }): Promise<ExplainResult> =>
      call('explain', { text, app, domain, language }, () => explainScript(text, language)),
    message: (finding, context, language) =>
      call('message', { finding, context, language }, () => {
        const message = exampleOfCause(finding.cause, language)?.message;
        if (message == null) throw failureOf('message');
        return message;
      }),
    reword: (examination, language) =>
      call('reword', { examination, language }, () => {
        const scene = SCENE_NAMES.find((name) => SCENES[name].findings[0] !== undefined && example(SCENES[name].findings[0], 'en').cause === examination.findings[0]?.cause) ?? sceneOf(examination.address);
        return examinationOf(scene, examination.id, examination.address, language);
      }),
    recentExamination: (id) =>
      call('recent_examination', { id }, () => {
        const recent = kept.find((line) => line.id === id);
        if (recent === undefined) throw failureOf('recent_examination');
        return examinationOf(sceneOf(recent.address), id, recent.address, 'en');
      }),
    openLink: (url) => call('open_link', { url }, () => undefined),
    openMail: (message) =>
      // Nine characters of an address for one Japanese letter, as in the real program.
      call('open_mail', { message }, () => {
        const whole = `mailto:${message.to ?? ''}?subject=${message.subject}&body=${message.body.replaceAll('\n', '\r\n')}`;
        return { bodyCopied: encodeURIComponent(whole).length > MAILTO_LIMIT };
      }),
    saveMessage: (message) => call('save_message', { message }, () => ({ saved: true, path: '/home/ana/message.eml' })),
    saveReport: (examination, format, redaction) =>
      call('save_report', { examination, format, redaction }, () => ({ saved: true, path: `/home/ana/inbox-doctor.${format}` })),
    copy: (text) => call('copy_text', { text }, () => undefined),
    setLanguage: (language) => call('set_language', { language }, () => undefined),
    accounts: () => call('accounts', {}, () => accounts),
    openReport: (text, language) =>
      call('open_report', { text, language }, () => {
        let sent: Partial<Examination>;
        try {
          sent = JSON.parse(text) as Partial<Examination>;
        } catch {
          throw failureOf('open_report');
        }
        if (sent.schema !== 1 || sent.address === undefined) throw failureOf('open_report');
        const judged = examinationOf(sceneOf(sent.address), sent.id ?? 'sent', sent.address, language);
        return { ...judged, finished: sent.finished ?? judged.finished, redaction: sent.redaction ?? 'secrets' };
      }),
    saveText: (name, text) => call('save_text', { name, text }, () => ({ saved: true, path: `/home/ana/${name}` })),
    deleteRecent: (ids) =>
      call('delete_recent', { ids }, () => {
        aside = [...aside, ...kept.filter(({ id }) => ids === null || ids.includes(id))];
        kept = kept.filter((line) => !aside.includes(line));
      }),
    restoreRecent: () =>
      call('restore_recent', {}, () => {
        kept = [...kept, ...aside].sort((a, b) => b.finished.localeCompare(a.finished));
        aside = [];
      }),
    purgeRecent: () =>
      call('purge_recent', {}, () => {
        aside = [];
      }),
    discoverMany: (runId, targets, onAnswer, signal) =>
      call('discover_many', { targets, runId }, async () => {
        for (const [index, target] of targets.entries()) {
          if (options.hold === 'desk' && index === Math.min(4, targets.length - 1)) await rest(Number.POSITIVE_INFINITY, signal);
          if (signal.aborted) throw CANCELLED;
          const answer = deskAnswerOf(target);
          script.said.push(answer);
          onAnswer(answer);
          // Answers come in groups, as from sixteen at once.
          if (index % 16 === 15) await new Promise((resolve) => setTimeout(resolve, options.pace));
        }
      }),
    selfTest: () => call('self_test', {}, () => selfTests()),
    forgetAccount: (provider, address) =>
      call('forget_account', { provider, address }, () => {
        accounts = { ...accounts, accounts: accounts.accounts.filter((kept) => kept.address !== address) };
      }),
  };
}

function failureOf(name: CommandName): HostError {
  switch (name) {
    case 'open_link':
      return { code: 'link-refused', detail: 'host not on the list' };
    case 'copy_text':
      return { code: 'clipboard', detail: 'no clipboard owner' };
    case 'open_mail':
      return { code: 'mail-not-opened', detail: 'no handler for mailto' };
    case 'save_text':
    case 'save_report':
    case 'save_message':
      return { code: 'not-saved', detail: 'read-only file system (os error 30)' };
    case 'open_report':
      return { code: 'not-a-report', detail: 'expected value at line 1 column 1' };
    case 'delete_recent':
      return { code: 'not-saved', detail: 'permission denied (os error 13)' };
    case 'settings':
    case 'set_setting':
      return { code: 'settings', detail: '/home/ana/.config/inbox-doctor/settings.json: read-only file system (os error 30)' };
    case 'recent_examination':
      return { code: 'not-found', detail: '' };
    case 'start_state':
    case 'check':
      return { code: 'channel-lost', detail: 'the answer broke off' };
    default:
      return { code: 'engine', detail: `scripted failure of ${name}` };
  }
}

function setting<T>(value: T, origin: Origin = 'built-in'): Setting<T> {
  return { value, origin };
}

function recentChecks(language: Language, many: boolean): RecentCheck[] {
  const line = (name: SceneName, id: string, hoursAgo: number): RecentCheck => {
    const { address, verdict, findings } = SCENES[name];
    const first = findings[0];
    return {
      id,
      address,
      app: { id: 'hubspot', name: 'HubSpot' },
      finished: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
      verdict,
      title: first === undefined ? null : example(first, language).title,
      fixer: fixerOf(name),
    };
  };
  const newest = [line('approval', 'r1', 25), line('works', 'r2', 75)];
  if (!many) return newest;
  const names: SceneName[] = ['licence', 'wait', 'network', 'vendor', 'elsewhere', 'works'];
  return [...newest, ...names.flatMap((name, index) => [line(name, `m${index}a`, 100 + index * 30), line(name, `m${index}b`, 400 + index * 50)])].sort(
    (a, b) => b.finished.localeCompare(a.finished),
  );
}

function languageOf(options: ScriptedOptions): Language {
  return options.systemLanguage.startsWith('ja') ? 'ja' : 'en';
}

function startState(options: ScriptedOptions): StartState {
  const own: Origin = options.policy ? 'mandatory-policy' : 'built-in';
  return {
    version: '0.1.0',
    catalogueDate: '2026-11-24',
    systemLanguage: options.systemLanguage,
    apps: [
      { id: 'hubspot', name: 'HubSpot' },
      { id: 'salesforce', name: 'Salesforce' },
    ],
    settings: {
      language: setting<Language | null>(null),
      theme: setting<Theme>('system'),
      app: setting('hubspot'),
      microsoftClientId: options.policy
        ? setting<string | null>('11111111-2222-3333-4444-555555555555', 'mandatory-policy')
        : setting<string | null>('11111111-2222-3333-4444-555555555555', 'user'),
      microsoftTenant: setting<string | null>(options.policy ? 'contoso.example' : null, own),
      googleClientId: setting<string | null>(null),
      keepSignIn: setting(true, options.policy ? 'recommended-policy' : 'built-in'),
      keepHistory: setting(!options.forgetful, options.forgetful ? 'mandatory-policy' : 'built-in'),
      redaction: setting('names'),
      allowWriteTest: setting(!options.policy, own),
      helpdeskAddress: setting<string | null>(options.policy ? 'helpdesk@contoso.example' : null, own),
      dnsServer: setting<string | null>(null),
      proxy: setting<string | null>(null),
      signInSeconds: setting(300),
    },
    problems: [],
    damagedHistory: [],
    recent: [],
  };
}
