import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpHost } from '../../src/api/http';
import type { CheckEvent, CheckRequest, Host } from '../../src/api/host';
import { examinationOf } from '../../src/api/scripted/scenes';
import { tauriHost } from '../../src/api/tauri';

const REQUEST: CheckRequest = { address: 'a@b.example', app: 'hubspot', language: 'en', signIn: true, writeTest: false };
const EVENT: CheckEvent = { event: 'step', step: 'address', state: 'fine', note: 'b.example' };
const DONE = examinationOf('works', 'r', 'a@b.example', 'en');

afterEach(() => vi.unstubAllGlobals());

/** Answers every request; keeps what was asked. */
function serve(answer: (name: string) => Response): Array<[string, unknown]> {
  const asked: Array<[string, unknown]> = [];
  vi.stubGlobal('fetch', async (address: URL, init: RequestInit) => {
    const name = address.pathname.replace('/api/', '');
    asked.push([name, JSON.parse(String(init.body))]);
    return answer(name);
  });
  return asked;
}

/** A body that arrives in these pieces. */
function pieces(...texts: string[]): Response {
  const encoder = new TextEncoder();
  return new Response(new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(encoder.encode(text));
      controller.close();
    },
  }));
}

function check(host: Host, events: CheckEvent[] = [], signal = new AbortController().signal): Promise<unknown> {
  return host.check('r', REQUEST, (event) => events.push(event), signal);
}

describe('the host over HTTP', () => {
  it('reads events that arrive in any pieces, then the examination', async () => {
    const text = `${JSON.stringify({ event: EVENT })}\n${JSON.stringify({ done: DONE })}\n`;
    const asked = serve(() => pieces(text.slice(0, 7), text.slice(7, 60), text.slice(60)));
    const events: CheckEvent[] = [];
    expect(await check(httpHost('http://127.0.0.1:1/'), events)).toEqual(DONE);
    expect(events).toEqual([EVENT]);
    expect(asked).toEqual([['check', { request: REQUEST, runId: 'r' }]]);
  });

  it('rejects with the program’s own error', async () => {
    serve(() => pieces(`${JSON.stringify({ error: { code: 'busy', detail: '' } })}\n`));
    await expect(check(httpHost('http://127.0.0.1:1/'))).rejects.toEqual({ code: 'busy', detail: '' });
    serve(() => new Response(JSON.stringify({ code: 'too-long', detail: '9' }), { status: 400 }));
    await expect(httpHost('http://127.0.0.1:1/').copy('x')).rejects.toEqual({ code: 'too-long', detail: '9' });
  });

  it('tells a broken answer from a fault of the program', async () => {
    serve(() => pieces(`${JSON.stringify({ event: EVENT })}\n`));
    await expect(check(httpHost('http://127.0.0.1:1/'))).rejects.toMatchObject({ code: 'channel-lost' });
    serve(() => new Response('<html>', { status: 502 }));
    await expect(httpHost('http://127.0.0.1:1/').start()).rejects.toMatchObject({ code: 'channel-lost' });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')));
    await expect(httpHost('http://127.0.0.1:1/').start()).rejects.toEqual({ code: 'channel-lost', detail: 'refused' });
  });

  it('cancels at the program when the person stops', async () => {
    const abort = new AbortController();
    const asked = serve((name) => {
      if (name === 'cancel') return new Response('null');
      abort.abort();
      return pieces(`${JSON.stringify({ event: EVENT })}\n${JSON.stringify({ error: { code: 'cancelled', detail: '' } })}\n`);
    });
    const events: CheckEvent[] = [];
    await expect(check(httpHost('http://127.0.0.1:1/'), events, abort.signal)).rejects.toEqual({ code: 'cancelled', detail: '' });
    expect(events).toEqual([]);
    expect(asked.map(([name]) => name)).toEqual(['check', 'cancel']);
  });
});

describe('the host of the real window', () => {
  /** Stands in for the web view's side of Tauri. */
  function window(answer: (name: string, args: Record<string, unknown>) => unknown): Array<[string, Record<string, unknown>]> {
    const asked: Array<[string, Record<string, unknown>]> = [];
    const callbacks: Array<(message: unknown) => void> = [];
    vi.stubGlobal('window', {
      __TAURI_INTERNALS__: {
        transformCallback: (callback: (message: unknown) => void) => callbacks.push(callback) - 1,
        unregisterCallback: () => undefined,
        invoke: async (name: string, args: Record<string, unknown>) => {
          asked.push([name, args]);
          if (name === 'check') callbacks.forEach((callback) => callback({ index: 0, message: EVENT }));
          return answer(name, args);
        },
      },
    });
    return asked;
  }

  it('runs a check with its channel', async () => {
    const asked = window(() => DONE);
    const events: CheckEvent[] = [];
    expect(await check(tauriHost(), events)).toEqual(DONE);
    expect(events).toEqual([EVENT]);
    expect(asked[0]?.[0]).toBe('check');
    expect(Object.keys(asked[0]?.[1] ?? {}).sort()).toEqual(['onEvent', 'request', 'runId']);
  });

  it('calls every command by its name, with the arguments of the contract', async () => {
    const asked = window(() => null);
    const host = tauriHost();
    const message = { language: 'en' as const, subject: 's', body: 'b' };
    await host.start();
    await host.reply('r', { reply: 'open-again' });
    await host.cancel('r');
    await host.explain('x', { app: 'hubspot', domain: null, language: 'ja' });
    await host.reword(DONE, 'ja');
    await host.recentExamination('r1');
    await host.openLink('https://entra.microsoft.com');
    await host.openMail(message);
    await host.saveMessage(message);
    await host.saveReport(DONE, 'html', 'names');
    await host.copy('x');
    await host.setLanguage(null);
    await host.accounts();
    await host.forgetAccount('google', 'a@b.example');
    await host.openReport('{}', 'ja');
    await host.saveText('domains.csv', 'x');
    await host.deleteRecent(['r1']);
    await host.deleteRecent(null);
    await host.restoreRecent();
    await host.purgeRecent();
    await host.selfTest();
    expect(asked).toEqual([
      ['start_state', {}],
      ['reply', { runId: 'r', reply: { reply: 'open-again' } }],
      ['cancel', { runId: 'r' }],
      ['explain', { text: 'x', app: 'hubspot', domain: null, language: 'ja' }],
      ['reword', { examination: DONE, language: 'ja' }],
      ['recent_examination', { id: 'r1' }],
      ['open_link', { url: 'https://entra.microsoft.com' }],
      ['open_mail', { message }],
      ['save_message', { message }],
      ['save_report', { examination: DONE, format: 'html', redaction: 'names' }],
      ['copy_text', { text: 'x' }],
      ['set_language', { language: null }],
      ['accounts', {}],
      ['forget_account', { provider: 'google', address: 'a@b.example' }],
      ['open_report', { text: '{}', language: 'ja' }],
      ['save_text', { name: 'domains.csv', text: 'x' }],
      ['delete_recent', { ids: ['r1'] }],
      ['delete_recent', { ids: null }],
      ['restore_recent', {}],
      ['purge_recent', {}],
      ['self_test', {}],
    ]);
  });

  it('looks a list up with its channel', async () => {
    const asked = window(() => null);
    await tauriHost().discoverMany('d', ['b.example'], () => undefined, new AbortController().signal);
    expect(asked[0]?.[0]).toBe('discover_many');
    expect(Object.keys(asked[0]?.[1] ?? {}).sort()).toEqual(['onAnswer', 'runId', 'targets']);
  });

  it('turns whatever is thrown into a typed error', async () => {
    window(() => {
      throw 'command accounts not allowed by ACL';
    });
    await expect(tauriHost().accounts()).rejects.toEqual({ code: 'engine', detail: 'command accounts not allowed by ACL' });
  });
});
