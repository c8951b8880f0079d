/**
 * The program behind a test server with the real engine, for end-to-end tests in a browser.
 *
 * `POST api/<command>` with the arguments as JSON; 200 with the result as JSON, else a status of 400 or more with a
 * `HostError` as JSON. `check` answers with JSON Lines (`application/x-ndjson`): `{"event": CheckEvent}` any number of
 * times, then `{"done": Examination}` or `{"error": HostError}`.
 */
import { hostOf } from './commands';
import type { CheckEvent, Examination, Host, HostError } from './host';

type Line = { event: CheckEvent } | { done: Examination } | { error: HostError };

const LOST: HostError = { code: 'channel-lost', detail: 'the answer broke off' };

export function httpHost(base: string): Host {
  const post = async (name: string, args: object): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(`api/${name}`, base), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
    } catch (thrown) {
      const lost: HostError = { code: 'channel-lost', detail: thrown instanceof Error ? thrown.message : '' };
      throw lost;
    }
    if (!response.ok) throw (await response.json().catch(() => LOST)) as HostError;
    return response;
  };

  return hostOf(
    async (name, args) => (await post(name, args)).json(),
    async (runId, request, onEvent, signal) => {
      const cancel = (): void => void post('cancel', { runId }).catch(() => undefined);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        const response = await post('check', { request, runId });
        for await (const line of jsonLines(response)) {
          if ('done' in line) return line.done;
          if ('error' in line) throw line.error;
          if (!signal.aborted) onEvent(line.event);
        }
        throw LOST;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
  );
}

async function* jsonLines(response: Response): AsyncGenerator<Line> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const chunk = await reader?.read().catch(() => {
      throw LOST;
    });
    if (chunk === undefined || chunk.done) break;
    const lines = (rest + chunk.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Line;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as Line;
}
