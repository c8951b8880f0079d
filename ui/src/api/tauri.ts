/** The program behind the real window. The only file that may import from `@tauri-apps`. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { hostOf, type Listen, type Stream, type Told } from './commands';
import type { Host } from './host';

const stream: Stream = async (name, args, argument, onNews, signal) => {
  const channel = new Channel<Parameters<typeof onNews>[0]>();
  channel.onmessage = (news) => {
    if (!signal.aborted) onNews(news);
  };
  // The command itself rejects with `cancelled` when it has cleaned up; that is waited for. A run that has just ended
  // needs no cancelling.
  const cancel = (): void => void invoke('cancel', { runId: args.runId }).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await invoke(name, { ...args, [argument]: channel });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

const listen: Listen = (onTold) => {
  const channel = new Channel<Told>();
  channel.onmessage = onTold;
  void invoke('listen', { onEvent: channel }).catch(() => undefined);
};

export function tauriHost(): Host {
  return hostOf((name, args) => invoke(name, { ...args }), stream, listen);
}
