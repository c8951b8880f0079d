/**
 * Tidies an address as people type or paste it, and catches typos kindly. The engine parses it again; this only spares
 * a round trip and offers a better spelling. Nothing is corrected silently except what cannot be meant otherwise.
 */
import type { AddressError } from '../api/host';

const MAX_ADDRESS_BYTES = 254;
const MAX_LOCAL_BYTES = 64;

/** Characters that come along with copied text and that nobody sees. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;

/** Full-width ASCII, the ideographic blank and full stop, as Japanese input gives them. */
function foldFullWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, ' ')
    .replace(/[\u3002\uff61]/g, '.');
}

/** The address without what surely does not belong to it: blanks, `mailto:`, angle brackets, a closing full stop. */
export function tidyAddress(typed: string): string {
  let text = foldFullWidth(typed).replace(INVISIBLE, '').trim();
  const bracketed = /<([^<>]*)>/.exec(text);
  if (bracketed?.[1] !== undefined) text = bracketed[1].trim();
  text = text.replace(/^mailto:/i, '').split('?', 1)[0] ?? '';
  return text.replace(/\s*@\s*/, '@').replace(/[.,;]+$/, '').trim();
}

/** Why a tidied text is no address; `null` when it may be one. */
export function addressProblem(tidied: string): AddressError | null {
  if (tidied === '') return 'empty';
  const at = tidied.lastIndexOf('@');
  if (at < 0) return 'no-at';
  const local = tidied.slice(0, at);
  const domain = tidied.slice(at + 1);
  if (local === '') return 'no-local-part';
  if (domain === '') return 'no-domain';
  if (/[\s@<>(),;:"[\]\\]/.test(local) || /^\.|\.$|\.\./.test(local) || /[\s\p{Cc}]/u.test(domain)) return 'bad-character';
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || labels.some((label) => label === '' || label.startsWith('-') || label.endsWith('-'))) {
    return 'bad-domain';
  }
  if (/^\d+$/.test(last) || /[!"#$%&'()*+,/:;<=>?@[\\\]^`{|}~]/.test(domain)) return 'bad-domain';
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  return bytes(local) > MAX_LOCAL_BYTES || bytes(tidied) > MAX_ADDRESS_BYTES ? 'too-long' : null;
}

/** Whether somebody put an error text or the browser's address where the e-mail address belongs. */
export function looksLikeErrorText(typed: string): boolean {
  return /AADSTS\d|^\s*https?:\/\/|\berror\b|エラー|approval|承認/i.test(typed) && addressProblem(tidyAddress(typed)) !== null;
}

/** Domains that many people type, so that a near miss is more likely a slip than a domain of its own. */
const WELL_KNOWN = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'outlook.jp',
  'hotmail.com',
  'hotmail.co.jp',
  'live.com',
  'live.jp',
  'msn.com',
  'yahoo.com',
  'yahoo.co.jp',
  'icloud.com',
];

/** Real domains that lie one slip from a well-known one, and are meant as typed. */
const REAL_NEIGHBOURS = new Set(['mail.com', 'email.com', 'gmx.com', 'ymail.com', 'live.de', 'live.fr', 'live.nl', 'live.se', 'live.at']);

/** Top-level endings that do not exist and what was meant. */
const TOP_LEVEL_SLIPS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\.(con|cpm|vom|comm|coom|xom|ocm)$/, '.com'],
  [/\.co\.(jo|jpp|jl)$/, '.co.jp'],
  [/\.(nett|ner)$/, '.net'],
  [/\.(ogr|orgg)$/, '.org'],
];

/** Edit distance where a swap of neighbours counts one (optimal string alignment). */
export function slips(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i += 1) {
    const row: number[] = [];
    for (let j = 0; j <= b.length; j += 1) {
      const above = rows[i - 1];
      if (i === 0 || above === undefined) {
        row.push(j);
      } else if (j === 0) {
        row.push(i);
      } else {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
        }
        row.push(best);
      }
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** A likelier spelling of a tidied address, to be offered, never applied. */
export function suggestAddress(tidied: string): string | null {
  const at = tidied.lastIndexOf('@');
  if (at < 1) return null;
  const local = tidied.slice(0, at);
  const domain = tidied.slice(at + 1).toLowerCase();
  if (domain === '' || WELL_KNOWN.includes(domain) || REAL_NEIGHBOURS.has(domain)) return null;
  const ended = TOP_LEVEL_SLIPS.reduce((text, [slip, meant]) => text.replace(slip, meant), domain);
  const near = WELL_KNOWN.find((known) => slips(ended, known) <= (known.length > 8 ? 2 : 1));
  const meant = near ?? ended;
  return meant === domain ? null : `${local}@${meant}`;
}
