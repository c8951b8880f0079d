/** The program behind the real window. The only file that may import from `@tauri-apps`. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { hostOf } from './commands';
import type { CheckEvent, Examination, Host } from './host';

export function tauriHost(): Host {
  return hostOf(
    (name, args) => invoke(name, { ...args }),
    async (runId, request, onEvent, signal) => {
      const channel = new Channel<CheckEvent>();
      channel.onmessage = (event) => {
        if (!signal.aborted) onEvent(event);
      };
      // The command itself rejects with `cancelled` when it has cleaned up; that is waited for. A run that has just
      // ended needs no cancelling.
      const cancel = (): void => void invoke('cancel', { runId }).catch(() => undefined);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await invoke<Examination>('check', { request, runId, onEvent: channel });
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
  );
}
