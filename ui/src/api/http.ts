/**
 * The program behind a test server with the real engine, for end-to-end tests in a browser.
 *
 * `POST api/<command>` with the arguments as JSON; 200 with the result as JSON, else a status of 400 or more with a
 * `HostError` as JSON. `check` and `discover_many` answer with JSON Lines (`application/x-ndjson`): `{"event": …}` any
 * number of times, then `{"done": …}` or `{"error": HostError}`; `listen` tells the same way and stays open. The page's address
 * carries the word that the server wants to see with each request (`?token=`).
 */
import { hostOf, type Listen, type Stream, type Told } from './commands';
import type { Host, HostError } from './host';

type Line<News, Done> = { event: News } | { done: Done } | { error: HostError };

const LOST: HostError = { code: 'channel-lost', detail: 'the answer broke off' };

export function httpHost(base: string, token = ''): Host {
  const post = async (name: string, args: object): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(`api/${name}`, base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(args),
      });
    } catch (thrown) {
      const lost: HostError = { code: 'channel-lost', detail: thrown instanceof Error ? thrown.message : '' };
      throw lost;
    }
    if (!response.ok) throw (await response.json().catch(() => LOST)) as HostError;
    return response;
  };

  const stream: Stream = async (name, args, _channel, onNews, signal) => {
    const cancel = (): void => void post('cancel', { runId: args.runId }).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const response = await post(name, args);
      for await (const line of jsonLines<Parameters<typeof onNews>[0], Awaited<ReturnType<typeof stream<typeof name>>>>(response)) {
        if ('done' in line) return line.done;
        if ('error' in line) throw line.error;
        if (!signal.aborted) onNews(line.event);
      }
      throw LOST;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };

  const listen: Listen = (onTold) => {
    const read = async (): Promise<void> => {
      for await (const line of jsonLines<Told, null>(await post('listen', {}))) if ('event' in line) onTold(line.event);
    };
    void read().catch(() => undefined);
  };

  return hostOf(async (name, args) => (await post(name, args)).json(), stream, listen);
}

async function* jsonLines<News, Done>(response: Response): AsyncGenerator<Line<News, Done>> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const chunk = await reader?.read().catch(() => {
      throw LOST;
    });
    if (chunk === undefined || chunk.done) break;
    const lines = (rest + chunk.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Line<News, Done>;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as Line<News, Done>;
}
