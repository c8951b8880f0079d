/**
 * The only door between the window and the program behind it.
 *
 * Three implementations: `tauri.ts` (the real window), `http.ts` (a test server with the real engine) and
 * `scripted.ts` (plays every state; tests, screenshots, `npm run dev`). Views know this interface and nothing else.
 *
 * `Commands` below is the wire contract: one entry per Tauri command, the same names over HTTP. Arguments arrive as one
 * object with these camelCase keys. A command that fails rejects with a `HostError`, never with a bare string.
 */
import type {
  AppReference,
  CheckEvent,
  CheckReply,
  Discovery,
  Examination,
  ExplainedFinding,
  Fixer,
  Language,
  Message,
  RedactionLevel,
  Setting,
  Tenant,
  Theme,
  Verdict,
} from './bindings/model';
import type { HostEvent, ReportFile } from './events';
import type {
  InstalledBrowser,
  RegistrationRequest,
  RegistrationTest,
  ReportPreview,
  SettingValue,
  SettingsProblem,
  SettingsState,
} from './settings';

export type * from './bindings/model';
export type { HostEvent, MenuEvent, ReportFile } from './events';
// By name, so that they win over the generated row of the same name.
export type {
  InstalledBrowser,
  RegistrationFact,
  RegistrationRequest,
  RegistrationTest,
  RegistrationVerdict,
  ReportPreview,
  SettingRow,
  SettingValue,
  SettingsProblem,
  SettingsState,
} from './settings';

/** Why a command could not do its work. A sick world is no error: it is a finding of the `Examination`. */
export type HostErrorCode =
  /** The address is none; `detail` is an `AddressError` (`no-at`, `bad-domain` …). */
  | 'address-invalid'
  /** The person stopped it. */
  | 'cancelled'
  /** A check is already running. */
  | 'busy'
  /** No run has this id (any more). */
  | 'unknown-run'
  /** No target app has this short name. */
  | 'unknown-app'
  /** The asked thing is not there (a recent check that was deleted). */
  | 'not-found'
  /** The link is not https or its host is not on the list. */
  | 'link-refused'
  /** No browser could be started. */
  | 'browser-not-opened'
  /** No mail program could be started. */
  | 'mail-not-opened'
  /** The file could not be written; `detail` says why. */
  | 'not-saved'
  /** The clipboard refused. */
  | 'clipboard'
  /** The computer's password store refused, is locked or missing. */
  | 'keychain'
  /** The settings could not be read or written. */
  | 'settings'
  /** The organisation's policy forbids it. */
  | 'policy'
  /** The text is too long to be examined. */
  | 'too-long'
  /** The file is no report of this program. */
  | 'not-a-report'
  /** A fault of the program itself. */
  | 'engine'
  /** The connection between window and program broke. Made by the window, never by the program. */
  | 'channel-lost';

/** What a failed command rejects with. `detail` is for technicians: scrubbed, in English or a code. */
export interface HostError {
  code: HostErrorCode;
  detail: string;
}

/** What the window asks to be checked. */
export interface CheckRequest {
  /** As typed and tidied; the engine parses it again. */
  address: string;
  /** Short name of the target app. */
  app: string;
  /** Language of the words in the events and in the examination. */
  language: Language;
  /** `false`: only what needs no sign-in. */
  signIn: boolean;
  /** Also make and delete a draft and an event. */
  writeTest: boolean;
}

/** All that the first screen needs, in one answer. */
export interface StartState {
  /** The program's version. */
  version: string;
  /** The day up to which the knowledge was checked, `YYYY-MM-DD`. */
  catalogueDate: string;
  /** The system's language as BCP 47 tag, `ja-JP`. */
  systemLanguage: string;
  /** Target apps, the one to choose first in front. */
  apps: AppReference[];
  /** The settings in force, each with its origin. */
  settings: SettingsInForce;
  /** What was ignored in the files of settings; shown, so that nobody wonders. */
  problems: SettingsProblem[];
  /** Names of history files that cannot be read; they stay where they are. */
  damagedHistory: string[];
  /** Newest first; empty where history is switched off. */
  recent: RecentCheck[];
}

/** The settings in force. `null` means: not set (follow the system, or there is none). */
export interface SettingsInForce {
  /** `null`: follow the system. */
  language: Setting<Language | null>;
  theme: Setting<Theme>;
  app: Setting<string>;
  microsoftClientId: Setting<string | null>;
  microsoftTenant: Setting<string | null>;
  googleClientId: Setting<string | null>;
  keepSignIn: Setting<boolean>;
  keepHistory: Setting<boolean>;
  redaction: Setting<RedactionLevel>;
  allowWriteTest: Setting<boolean>;
  helpdeskAddress: Setting<string | null>;
  dnsServer: Setting<string | null>;
  proxy: Setting<string | null>;
  /** How long a sign-in waits for the browser. */
  signInSeconds: Setting<number>;
}

/** One line of the history. */
export interface RecentCheck {
  /** The examination's id. */
  id: string;
  address: string;
  app: AppReference;
  /** RFC 3339 in UTC. */
  finished: string;
  verdict: Verdict;
  /** Title of the first finding, in the language of the run. */
  title: string | null;
  /** Fixer of the first finding. */
  fixer: Fixer | null;
}

/** What a pasted text says. */
export interface ExplainResult {
  /** Best first; one finding `unknown` when nothing in the text settles a cause. Places refer to `redactedText`. */
  findings: ExplainedFinding[];
  /** Questions that would settle between causes, with their words. */
  questions: ExplainQuestion[];
  /** Ids and times that support needs. */
  ids: SupportId[];
  /** What is worth knowing about addresses in the text, beside the causes; in words of the asked language. */
  notes: ExplainNote[];
  /** The text without secrets: what is shown, highlighted and may leave this computer. */
  redactedText: string;
}

/** A remark on an address in the text. */
export interface ExplainNote {
  /** `prompt-consent`, `common-in-consent`, `tenant-mismatch`, `other-app`, `extra-scopes`, `consent-granted`. */
  id: string;
  text: string;
}

/** A question that settles between causes. */
export interface ExplainQuestion {
  id: string;
  /** The question in the asked language. */
  text: string;
  answers: ExplainAnswer[];
}

/** A possible answer, with the finding that it settles, in words. */
export interface ExplainAnswer {
  id: string;
  /** The words on the button. */
  text: string;
  finding: ExplainedFinding;
}

/** An id or a time as it stands in the text. */
export interface SupportId {
  /** `trace-id`, `correlation-id`, `request-id`, `timestamp`. */
  kind: string;
  value: string;
}

/** What is known beside a pasted text. */
export interface ExplainOptions {
  /** Short name of the target app. */
  app: string;
  /** Mail domain or address of the person, for the consent link. */
  domain: string | null;
  language: Language;
}

/** What a message may name. */
export interface MessageContext {
  /** Short name of the target app. */
  app: string;
  address: string | null;
  tenant: Tenant | null;
}

export type ReportFormat = 'html' | 'json' | 'text';

/** How a message went to the mail program. */
export interface MailResult {
  /** The text did not fit: it lies on the clipboard, to be pasted. */
  bodyCopied: boolean;
}

/** What became of a file that was to be saved. */
export interface SaveResult {
  /** `false` when the person closed the dialog. */
  saved: boolean;
  /** Where it lies. */
  path: string | null;
}

/** A sign-in kept in the computer's password store. */
export interface KeptAccount {
  /** `microsoft` or `google`. */
  provider: string;
  address: string;
  tenant: string | null;
}

/** The kept sign-ins and how the password store stands. */
export interface AccountsState {
  accounts: KeptAccount[];
  store: 'ready' | 'missing' | 'locked';
}

/** What was found about one domain of a list. */
export interface DeskAnswer {
  /** As ordered. */
  target: string;
  discovery: Discovery | null;
  /** Why there is no discovery. */
  error: HostError | null;
}

/** One test of this computer and its network. */
export interface SelfTest {
  /** `loopback`, `keychain`, `dns`, `clock`, `reach-microsoft` … */
  id: string;
  name: Record<Language, string>;
  state: 'passed' | 'failed' | 'skipped';
  /** What was seen, for technicians. */
  detail: string;
  tookMs: number;
  /** What was seen, in words, where words say it. */
  note?: Partial<Record<Language, string>> | null;
  /** What it means and who can mend it. */
  explained?: Partial<Record<Language, ExplainedFinding>> | null;
}

/** Arguments and result of every command, by Tauri name. */
export interface Commands {
  start_state: { args: Record<never, never>; result: StartState };
  /** In the window the arguments also carry `onEvent`, a channel of `CheckEvent`. Rejects with `cancelled`. */
  check: { args: { request: CheckRequest; runId: string }; result: Examination };
  reply: { args: { runId: string; reply: CheckReply }; result: null };
  cancel: { args: { runId: string }; result: null };
  explain: { args: { text: string; app: string; domain: string | null; language: Language }; result: ExplainResult };
  /** The message to whoever can mend it, in any language. */
  message: { args: { finding: ExplainedFinding; context: MessageContext; language: Language }; result: Message };
  /** The same examination with its words in another language. */
  reword: { args: { examination: Examination; language: Language }; result: Examination };
  /** A whole examination of the history. */
  recent_examination: { args: { id: string }; result: Examination };
  open_link: { args: { url: string }; result: null };
  /** A text too long for a mail address is put on the clipboard before the mail program opens. */
  open_mail: { args: { message: Message }; result: MailResult };
  /** Asks where to save the message as a draft (`.eml`), and writes it. */
  save_message: { args: { message: Message }; result: SaveResult };
  /** Asks where to save, masks names as `redaction` says, writes. */
  save_report: {
    args: { examination: Examination; format: ReportFormat; redaction: RedactionLevel };
    result: SaveResult;
  };
  copy_text: { args: { text: string }; result: null };
  /** `null`: follow the system. Kept in the user's settings. */
  set_language: { args: { language: Language | null }; result: null };
  accounts: { args: Record<never, never>; result: AccountsState };
  /** Signs out: revokes where the provider can, and deletes from the password store. */
  forget_account: { args: { provider: string; address: string }; result: null };
  /** A report that somebody sent, judged again with today's knowledge; it does not enter the history. */
  open_report: { args: { text: string; language: Language }; result: Examination };
  /** Asks where to save a table, with this name (`….csv`) proposed, and writes it. */
  save_text: { args: { name: string; text: string }; result: SaveResult };
  /** Takes checks out of the history (`null`: all). They can be brought back until they are purged. */
  delete_recent: { args: { ids: string[] | null }; result: null };
  restore_recent: { args: Record<never, never>; result: null };
  purge_recent: { args: Record<never, never>; result: null };
  /** In the window the arguments also carry `onAnswer`, a channel of `DeskAnswer`, in any order. `cancel` stops it. */
  discover_many: { args: { targets: string[]; runId: string }; result: null };
  self_test: { args: Record<never, never>; result: SelfTest[] };
  /** Every setting, where it comes from, and what was ignored. */
  settings: { args: { language: Language | null }; result: SettingsState };
  /** Writes one of the user's own settings, `null` takes it out, and gives all back as they then stand. */
  set_setting: { args: { key: string; value: SettingValue; language: Language | null }; result: SettingsState };
  /** Asks the provider about a registration, as far as it tells without a sign-in. Nothing is stored. */
  test_registration: { args: { request: RegistrationRequest }; result: RegistrationTest };
  /** A report as `save_report` would write it. */
  preview_report: {
    args: { examination: Examination; format: ReportFormat; redaction: RedactionLevel };
    result: ReportPreview;
  };
  /** The installed browsers, by name. Empty where the system does not tell. */
  browsers: { args: Record<never, never>; result: InstalledBrowser[] };
  /** Opens everything from now on with this browser, until the program ends; `null`: the system's. */
  choose_browser: { args: { id: string | null }; result: null };
  /** Asks for a report file and reads it; `null` when the person closed the dialog. */
  choose_report: { args: Record<never, never>; result: ReportFile | null };
  zoom: { args: { step: ZoomStep }; result: null };
  /** Closes the program; a check that runs is stopped and cleans up first. */
  quit: { args: Record<never, never>; result: null };
  /** In the window the arguments also carry `onEvent`, a channel of `HostEvent` that stays open. Over HTTP the answer does. */
  listen: { args: Record<never, never>; result: null };
}

export type ZoomStep = 'in' | 'out' | 'reset';

export type CommandName = keyof Commands;

/** What the views call. Every method rejects with a `HostError` and nothing else. */
export interface Host {
  start(): Promise<StartState>;
  /** Runs a check. Aborting `signal` cancels it; it then rejects with `cancelled`. */
  check(
    runId: string,
    request: CheckRequest,
    onEvent: (event: CheckEvent) => void,
    signal: AbortSignal,
  ): Promise<Examination>;
  reply(runId: string, reply: CheckReply): Promise<void>;
  cancel(runId: string): Promise<void>;
  explain(text: string, options: ExplainOptions): Promise<ExplainResult>;
  message(finding: ExplainedFinding, context: MessageContext, language: Language): Promise<Message>;
  reword(examination: Examination, language: Language): Promise<Examination>;
  recentExamination(id: string): Promise<Examination>;
  openLink(url: string): Promise<void>;
  openMail(message: Message): Promise<MailResult>;
  saveMessage(message: Message): Promise<SaveResult>;
  saveReport(examination: Examination, format: ReportFormat, redaction: RedactionLevel): Promise<SaveResult>;
  copy(text: string): Promise<void>;
  setLanguage(language: Language | null): Promise<void>;
  accounts(): Promise<AccountsState>;
  forgetAccount(provider: string, address: string): Promise<void>;
  openReport(text: string, language: Language): Promise<Examination>;
  saveText(name: string, text: string): Promise<SaveResult>;
  deleteRecent(ids: string[] | null): Promise<void>;
  restoreRecent(): Promise<void>;
  purgeRecent(): Promise<void>;
  /** Looks domains up without any sign-in. Aborting `signal` stops it; it then rejects with `cancelled`. */
  discoverMany(runId: string, targets: string[], onAnswer: (answer: DeskAnswer) => void, signal: AbortSignal): Promise<void>;
  selfTest(): Promise<SelfTest[]>;
  /** With titles and explanations in this language (English for `null`). */
  settings(language?: Language | null): Promise<SettingsState>;
  setSetting(key: string, value: SettingValue, language?: Language | null): Promise<SettingsState>;
  testRegistration(request: RegistrationRequest): Promise<RegistrationTest>;
  previewReport(examination: Examination, format: ReportFormat, redaction: RedactionLevel): Promise<ReportPreview>;
  browsers(): Promise<InstalledBrowser[]>;
  chooseBrowser(id: string | null): Promise<void>;
  chooseReport(): Promise<ReportFile | null>;
  zoom(step: ZoomStep): Promise<void>;
  quit(): Promise<void>;
  /** Hears what menus, shortcuts and the desktop ask for, from now on; once, at the start of the window. */
  listen(onEvent: (event: HostEvent) => void): void;
}

/** Reads whatever a command rejected with as a `HostError`. */
export function asHostError(thrown: unknown): HostError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    const detail = 'detail' in thrown && typeof thrown.detail === 'string' ? thrown.detail : '';
    return { code: thrown.code as HostErrorCode, detail };
  }
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return { code: 'cancelled', detail: '' };
  return { code: 'engine', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
