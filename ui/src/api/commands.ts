/** A `Host` out of two functions: one that calls a command, one for those that tell news on their way. Shared by `tauri.ts` and `http.ts`. */
import { once, wishOf, type HostEvent, type MenuEvent } from './events';
import { asHostError, type CheckEvent, type CommandName, type Commands, type DeskAnswer, type Host } from './host';

export type Call = <Name extends CommandName>(name: Name, args: Commands[Name]['args']) => Promise<Commands[Name]['result']>;

/** Commands that tell news while they run, what the news is, and the argument that carries the channel of the window. */
export interface Streams {
  check: { news: CheckEvent; channel: 'onEvent' };
  discover_many: { news: DeskAnswer; channel: 'onAnswer' };
}

export type Stream = <Name extends keyof Streams>(
  name: Name,
  args: Commands[Name]['args'],
  channel: Streams[Name]['channel'],
  onNews: (news: Streams[Name]['news']) => void,
  signal: AbortSignal,
) => Promise<Commands[Name]['result']>;

/** What the program tells by itself: as a `HostEvent`, menu items of the system among them before they are sorted. */
export type Told = Exclude<HostEvent, { event: 'menu' }> | { event: 'menu'; item: MenuEvent };

/** Opens the channel on which the program tells by itself. */
export type Listen = (onTold: (told: Told) => void) => void;

/**
 * Brings menus and keys together. Where the system has no menu bar the keys come from the page alone; where it has one,
 * either may see a key first.
 */
export function listening(
  host: Pick<Host, 'zoom' | 'quit'>,
  listen: Listen,
  page: Pick<Window, 'addEventListener'> = globalThis.window,
  mac = globalThis.navigator?.platform?.startsWith('Mac') ?? false,
): Host['listen'] {
  return (onEvent) => {
    const act = once((wish) => {
      switch (wish) {
        case 'zoom-in':
          return void host.zoom('in').catch(() => undefined);
        case 'zoom-out':
          return void host.zoom('out').catch(() => undefined);
        case 'zoom-reset':
          return void host.zoom('reset').catch(() => undefined);
        case 'quit':
          return void host.quit().catch(() => undefined);
        default:
          onEvent({ event: 'menu', item: wish });
      }
    });
    page.addEventListener('keydown', (event: KeyboardEvent) => {
      const wish = wishOf(event, mac);
      if (wish === null) return;
      event.preventDefault();
      if (!event.repeat || wish.startsWith('zoom')) act(wish);
    });
    listen((told) => {
      if (told.event === 'menu') act(told.item);
      else onEvent(told);
    });
  };
}

export function hostOf(call: Call, stream: Stream, listen: Listen): Host {
  const safe: Call = async (name, args) => {
    try {
      return await call(name, args);
    } catch (thrown) {
      throw asHostError(thrown);
    }
  };
  const safeStream: Stream = async (name, args, channel, onNews, signal) => {
    try {
      return await stream(name, args, channel, onNews, signal);
    } catch (thrown) {
      throw asHostError(thrown);
    }
  };
  const zoom: Host['zoom'] = async (step) => void (await safe('zoom', { step }));
  const quit: Host['quit'] = async () => void (await safe('quit', {}));
  return {
    start: () => safe('start_state', {}),
    check: (runId, request, onEvent, signal) => safeStream('check', { request, runId }, 'onEvent', onEvent, signal),
    reply: async (runId, reply) => void (await safe('reply', { runId, reply })),
    cancel: async (runId) => void (await safe('cancel', { runId })),
    explain: (text, { app, domain, language }) => safe('explain', { text, app, domain, language }),
    message: (finding, context, language) => safe('message', { finding, context, language }),
    reword: (examination, language) => safe('reword', { examination, language }),
    recentExamination: (id) => safe('recent_examination', { id }),
    openLink: async (url) => void (await safe('open_link', { url })),
    openMail: (message) => safe('open_mail', { message }),
    saveMessage: (message) => safe('save_message', { message }),
    saveReport: (examination, format, redaction) => safe('save_report', { examination, format, redaction }),
    copy: async (text) => void (await safe('copy_text', { text })),
    setLanguage: async (language) => void (await safe('set_language', { language })),
    accounts: () => safe('accounts', {}),
    forgetAccount: async (provider, address) => void (await safe('forget_account', { provider, address })),
    openReport: (text, language) => safe('open_report', { text, language }),
    saveText: (name, text) => safe('save_text', { name, text }),
    deleteRecent: async (ids) => void (await safe('delete_recent', { ids })),
    restoreRecent: async () => void (await safe('restore_recent', {})),
    purgeRecent: async () => void (await safe('purge_recent', {})),
    discoverMany: async (runId, targets, onAnswer, signal) =>
      void (await safeStream('discover_many', { targets, runId }, 'onAnswer', onAnswer, signal)),
    selfTest: () => safe('self_test', {}),
    settings: (language = null) => safe('settings', { language }),
    setSetting: (key, value, language = null) => safe('set_setting', { key, value, language }),
    testRegistration: (request) => safe('test_registration', { request }),
    previewReport: (examination, format, redaction) => safe('preview_report', { examination, format, redaction }),
    browsers: () => safe('browsers', {}),
    chooseBrowser: async (id) => void (await safe('choose_browser', { id })),
    chooseReport: () => safe('choose_report', {}),
    zoom,
    quit,
    listen: listening({ zoom, quit }, listen),
  };
}
