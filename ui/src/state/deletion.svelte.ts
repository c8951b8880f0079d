/** Deleting from the history with a way back: out of sight at once, gone for good a while later. */
import type { Host } from '../api/host';

/** Does something later; the result calls it off. */
export type Later = (work: () => void, milliseconds: number) => () => void;

export const later: Later = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
};

/** How long the way back stays open. It waits as long as the person is at the button. */
export const UNDO_MS = 10_000;

type DeletingHost = Pick<Host, 'deleteRecent' | 'restoreRecent' | 'purgeRecent'>;

export class Deletion {
  /** How many checks can come back; 0: none. */
  count = $state(0);

  readonly #host: DeletingHost;
  readonly #later: Later;
  #callOff: () => void = () => undefined;

  constructor(host: DeletingHost, wait: Later = later) {
    this.#host = host;
    this.#later = wait;
  }

  /** Takes checks out of the history, all for `null`. Those deleted a moment before can still come back with them. */
  async begin(ids: string[] | null, count: number): Promise<void> {
    await this.#host.deleteRecent(ids);
    this.count += count;
    this.resume();
  }

  /** The person is at the button: time stands still. */
  hold(): void {
    this.#callOff();
  }

  /** The person has left the button: time runs from the start. */
  resume(): void {
    this.#callOff();
    if (this.count > 0) this.#callOff = this.#later(() => void this.finish(), UNDO_MS);
  }

  async undo(): Promise<void> {
    this.#callOff();
    await this.#host.restoreRecent();
    this.count = 0;
  }

  /** Deletes for good. What fails here is done when the program starts again. */
  async finish(): Promise<void> {
    this.#callOff();
    if (this.count === 0) return;
    this.count = 0;
    await this.#host.purgeRecent().catch(() => undefined);
  }
}
