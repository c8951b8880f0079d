/** The technician's desk: a list, what was found about it so far, and the run that finds it. */
import { asHostError, type DeskAnswer, type Host, type HostError } from '../api/host';
import { parseList, type DeskRow, type ParsedList } from '../lib/desk';
import { later, type Later } from './deletion.svelte';

/** Answers are shown in groups: one change of the table for all that came in this time. */
const GROUP_MS = 80;

export class Desk {
  text = $state('');
  rows = $state.raw<readonly DeskRow[]>([]);
  running = $state(false);
  stopping = $state(false);
  fault = $state.raw<HostError | null>(null);
  /** What the reading of the list left out. */
  left = $state.raw<Omit<ParsedList, 'entries'>>({ skipped: 0, cut: 0 });

  done = $derived(this.rows.reduce((count, { state }) => count + (state === 'done' || state === 'failed' ? 1 : 0), 0));

  readonly #host: Pick<Host, 'discoverMany'>;
  readonly #later: Later;
  #abort: AbortController | null = null;
  #came: DeskAnswer[] = [];
  #callOff: (() => void) | null = null;

  constructor(host: Pick<Host, 'discoverMany'>, wait: Later = later) {
    this.#host = host;
    this.#later = wait;
  }

  /** Reads the list and looks it up. `false`: there is nothing in it. */
  async lookUp(): Promise<boolean> {
    if (this.running) return true;
    const { entries, skipped, cut } = parseList(this.text);
    if (entries.length === 0) return false;
    this.rows = entries.map((entry, place) => ({ ...entry, place, state: 'waiting', discovery: null, error: null }));
    this.left = { skipped, cut };
    this.fault = null;
    this.running = true;
    const abort = new AbortController();
    this.#abort = abort;
    try {
      // Many people of one company: its domain is asked about once.
      const domains = [...new Set(entries.map(({ domain }) => domain))];
      await this.#host.discoverMany(crypto.randomUUID(), domains, (answer) => this.#take(answer), abort.signal);
    } catch (thrown) {
      const error = asHostError(thrown);
      if (error.code !== 'cancelled') this.fault = error;
    } finally {
      this.#show();
      this.rows = this.rows.map((row) => (row.state === 'waiting' ? { ...row, state: 'stopped' } : row));
      this.running = false;
      this.stopping = false;
      this.#abort = null;
    }
    return true;
  }

  stop(): void {
    if (!this.running) return;
    this.stopping = true;
    this.#abort?.abort();
  }

  #take(answer: DeskAnswer): void {
    this.#came.push(answer);
    this.#callOff ??= this.#later(() => this.#show(), GROUP_MS);
  }

  #show(): void {
    this.#callOff?.();
    this.#callOff = null;
    if (this.#came.length === 0) return;
    const came = new Map(this.#came.map((answer) => [answer.target, answer]));
    this.#came = [];
    this.rows = this.rows.map((row) => {
      const answer = came.get(row.domain);
      if (answer === undefined) return row;
      const { discovery, error } = answer;
      return { ...row, discovery, error, state: discovery === null ? 'failed' : 'done' };
    });
  }
}
