/** Lists of addresses for the technician's desk: read, sorted, filtered, written as CSV. No window in here. */
import type { Confidence, Discovery, HostError } from '../api/host';
import { addressProblem, tidyAddress } from './address';

/** As many as the program takes in one order. */
export const MOST_ENTRIES = 5_000;

export interface Entry {
  /** As it stood in the list. */
  address: string;
  domain: string;
}

export interface ParsedList {
  entries: Entry[];
  /** Lines in which no address and no domain was found (a header, an empty column). */
  skipped: number;
  /** Entries beyond the most that are taken. */
  cut: number;
}

/** One address or domain of each line of a list, a CSV or a column copied from a spreadsheet; each once. */
export function parseList(text: string): ParsedList {
  const seen = new Map<string, Entry>();
  let skipped = 0;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (line.trim() === '') continue;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    // Several addresses in one line (pasted from a mail's recipients) are several entries.
    const addresses = cells.map(entryOfAddress).filter((entry) => entry !== null);
    const found = addresses.length > 0 ? addresses : cells.map(entryOfDomain).filter((entry) => entry !== null).slice(0, 1);
    if (found.length === 0) skipped += 1;
    for (const entry of found) if (!seen.has(entry.address.toLowerCase())) seen.set(entry.address.toLowerCase(), entry);
  }
  const all = [...seen.values()];
  return { entries: all.slice(0, MOST_ENTRIES), skipped, cut: Math.max(0, all.length - MOST_ENTRIES) };
}

function entryOfAddress(cell: string): Entry | null {
  // `Ana <ana@contoso.example>`
  const address = tidyAddress(/<([^<>]+@[^<>]+)>/.exec(cell)?.[1] ?? cell);
  if (!address.includes('@') || addressProblem(address) !== null) return null;
  return { address, domain: address.slice(address.lastIndexOf('@') + 1).toLowerCase() };
}

function entryOfDomain(cell: string): Entry | null {
  const domain = cell.toLowerCase().replace(/^https?:\/\//, '').replace(/[/?#].*$/, '').replace(/\.$/, '');
  if (!/^[^\s@]+\.[^\s@.\d][^\s@.]*$/.test(domain) || addressProblem(`x@${domain}`) !== null) return null;
  return { address: domain, domain };
}

export type RowState = 'waiting' | 'done' | 'failed' | 'stopped';

export interface DeskRow extends Entry {
  /** Place in the list. */
  place: number;
  state: RowState;
  discovery: Discovery | null;
  error: HostError | null;
}

export const COLUMNS = ['address', 'domain', 'mailHost', 'gateway', 'organisation', 'tenant', 'realm', 'confidence'] as const;

export type Column = (typeof COLUMNS)[number];

/** The words of the window that a table needs. */
export interface TableWords {
  none: string;
  unknown: string;
  managed: string;
  federated: (p: { host: string }) => string;
  federatedNowhere: string;
  confidence: Readonly<Record<Confidence, string>>;
  states: Readonly<Record<Exclude<RowState, 'done'>, string>>;
}

/** What stands in a cell; empty where nothing was found. */
export function cellText(row: DeskRow, column: Column, words: TableWords): string {
  if (column === 'address' || column === 'domain') return row[column];
  const found = row.discovery;
  if (found === null) return column === 'mailHost' && row.state !== 'done' ? words.states[row.state] : '';
  switch (column) {
    case 'mailHost':
      return hostText(found, words);
    case 'gateway':
      return found.gateway?.name ?? '';
    case 'organisation':
      return found.tenant?.brand ?? '';
    case 'tenant':
      return found.tenant?.id ?? '';
    case 'realm':
      return realmText(found, words);
    case 'confidence':
      return found.provider.id === 'unknown' ? '' : words.confidence[found.confidence];
  }
}

function hostText({ provider }: Discovery, words: TableWords): string {
  switch (provider.id) {
    case 'microsoft-365':
      return 'Microsoft 365';
    case 'outlook-com':
      return 'Outlook.com';
    case 'google-workspace':
      return 'Google Workspace';
    case 'gmail':
      return 'Gmail';
    case 'other':
      return provider.name;
    case 'none':
      return words.none;
    case 'unknown':
      return words.unknown;
  }
}

function realmText({ tenant }: Discovery, words: TableWords): string {
  if (tenant?.realm.type === 'managed') return words.managed;
  if (tenant?.realm.type !== 'federated') return '';
  return tenant.realm.host === null ? words.federatedNowhere : words.federated({ host: tenant.realm.host });
}

/** A row with its texts, made once so that sorting and filtering thousands stays quick. */
export interface ShownRow {
  row: DeskRow;
  cells: Readonly<Record<Column, string>>;
  search: string;
}

export function shownRow(row: DeskRow, words: TableWords): ShownRow {
  const cells = Object.fromEntries(COLUMNS.map((column) => [column, cellText(row, column, words)])) as Record<Column, string>;
  return { row, cells, search: fold(Object.values(cells).join('\n')) };
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

export interface Order {
  column: Column;
  descending: boolean;
}

const CONFIDENCE_ORDER: Readonly<Record<Confidence, number>> = { possible: 1, likely: 2, certain: 3 };

/** The rows that fit the words, in this order; without one as in the list. Empty cells come last either way. */
export function arranged(rows: readonly ShownRow[], filter: string, order: Order | null): ShownRow[] {
  const wanted = fold(filter).split(/\s+/).filter((word) => word !== '');
  const fitting = rows.filter(({ search }) => wanted.every((word) => search.includes(word)));
  if (order === null) return fitting;
  const { column, descending } = order;
  const key = ({ row, cells }: ShownRow): string =>
    column === 'confidence' && cells.confidence !== '' && row.discovery !== null ? String(CONFIDENCE_ORDER[row.discovery.confidence]) : fold(cells[column]);
  return fitting
    .map((shown) => ({ shown, key: key(shown) }))
    .sort((a, b) => {
      if (a.key === b.key) return a.shown.row.place - b.shown.row.place;
      if (a.key === '' || b.key === '') return a.key === '' ? 1 : -1;
      return (a.key < b.key ? -1 : 1) * (descending ? -1 : 1);
    })
    .map(({ shown }) => shown);
}

/**
 * A table for spreadsheets (RFC 4180, UTF-8 with its mark, which Excel needs for Japanese). A cell that a spreadsheet
 * would take for a formula gets an apostrophe: names and records in it come from strangers
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;
  return `\uFEFF${line(header)}${rows.map(line).join('')}`;
}

function csvCell(text: string): string {
  const safe = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
