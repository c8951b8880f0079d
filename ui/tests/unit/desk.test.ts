import { describe, expect, it } from 'vitest';
import type { DeskAnswer, HostError } from '../../src/api/host';
import { deskAnswerOf } from '../../src/api/scripted/desk';
import { MOST_ENTRIES, arranged, csvOf, parseList, shownRow, type DeskRow } from '../../src/lib/desk';
import { messagesOf } from '../../src/locales';
import { Desk } from '../../src/state/desk.svelte';

const WORDS = messagesOf('en').desk.words;

describe('reading a list', () => {
  const addresses = (text: string): string[] => parseList(text).entries.map(({ address }) => address);

  it('takes one address or domain a line, each once, whatever the line ends', () => {
    expect(addresses('ana@contoso.example\r\nfabrikam.example\rANA@contoso.example\n\n')).toEqual(['ana@contoso.example', 'fabrikam.example']);
  });

  it('finds the address in a CSV with a header, quotes and a mark', () => {
    const list = parseList('\uFEFFName;E-mail;City\n"Ana";"ana@contoso.example";Kyoto\nBen;ben@fabrikam.example;Osaka');
    expect(list.entries.map(({ domain }) => domain)).toEqual(['contoso.example', 'fabrikam.example']);
    expect(list.skipped).toBe(1);
  });

  it('reads recipients, web addresses and Japanese domains', () => {
    expect(addresses('Ana <ana@contoso.example>; Ben <ben@fabrikam.example>')).toEqual(['ana@contoso.example', 'ben@fabrikam.example']);
    expect(addresses('https://www.contoso.example/about?x=1')).toEqual(['www.contoso.example']);
    expect(addresses('日本語.example')).toEqual(['日本語.example']);
  });

  it('takes neither numbers nor sentences for domains', () => {
    expect(parseList('12.5\n192.0.2.1\nhello world.\nSee above').entries).toEqual([]);
  });

  it('takes no more than the program does, and counts the rest', () => {
    const text = Array.from({ length: MOST_ENTRIES + 7 }, (_, index) => `a${index}@contoso.example`).join('\n');
    const { entries, cut } = parseList(text);
    expect([entries.length, cut]).toEqual([MOST_ENTRIES, 7]);
  });
});

function rows(...targets: string[]): DeskRow[] {
  return targets.map((domain, place) => {
    const { discovery, error } = deskAnswerOf(domain);
    return { address: domain, domain, place, state: discovery === null ? 'failed' : 'done', discovery, error };
  });
}

describe('the table', () => {
  const shown = rows('nowhere.example', 'fabrikam.example', 'contoso.example', 'broken.example').map((row) => shownRow(row, WORDS));
  const order = (column: 'gateway' | 'confidence' | 'domain', descending = false): string[] =>
    arranged(shown, '', { column, descending }).map(({ row }) => row.domain.split('.')[0] ?? '');

  it('is sorted by words, by certainty, and leaves empty cells at the end either way', () => {
    expect(order('domain')).toEqual(['broken', 'contoso', 'fabrikam', 'nowhere']);
    expect(order('confidence', true).slice(0, 2)).toEqual(['contoso', 'fabrikam']);
    expect(order('confidence').slice(0, 2)).toEqual(['fabrikam', 'contoso']);
    expect(order('gateway', true)[0]).toBe('fabrikam');
  });

  it('is filtered by every word, in any width and case', () => {
    expect(arranged(shown, 'ＰＲＯＯＦ google', null).map(({ row }) => row.domain)).toEqual(['fabrikam.example']);
    expect(arranged(shown, 'proof microsoft', null)).toEqual([]);
  });

  it('says what could not be looked up, and claims no certainty for what is not clear', () => {
    expect(shown[3]?.cells.mailHost).toBe('failed');
    expect(shown[0]?.cells).toMatchObject({ mailHost: 'not clear', confidence: '' });
  });
});

describe('the CSV', () => {
  it('quotes as RFC 4180 says and is known as UTF-8', () => {
    expect(csvOf(['a', 'b'], [['x "y", z', '日本\n語']])).toBe('\uFEFF"a","b"\r\n"x ""y"", z","日本\n語"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '＠x'])('takes the edge off %j', (cell) => {
    expect(csvOf([], [[cell]])).toContain(`"'${cell}"`);
  });

  it('leaves plain cells as they are', () => {
    expect(csvOf([], [['ana@contoso.example', 'a-b', 'v=spf1']])).toContain('"ana@contoso.example","a-b","v=spf1"');
  });
});

/** A desk whose answers come by hand, and whose clock is turned by hand. */
function bench() {
  const ordered: string[][] = [];
  let answer: (answer: DeskAnswer) => void = () => undefined;
  let settle: (error?: HostError) => void = () => undefined;
  const due: Array<() => void> = [];
  const desk = new Desk(
    {
      discoverMany: (_runId, targets, onAnswer, signal) =>
        new Promise((resolve, reject) => {
          ordered.push(targets);
          answer = onAnswer;
          settle = (error) => (error === undefined ? resolve() : reject(error));
          signal.addEventListener('abort', () => reject({ code: 'cancelled', detail: '' }));
        }),
    },
    (work) => {
      due.push(work);
      return () => void due.splice(due.indexOf(work) >>> 0, 1);
    },
  );
  return { desk, ordered, answer: (domain: string) => answer(deskAnswerOf(domain)), settle: (error?: HostError) => settle(error), ring: () => due.shift()?.() };
}

describe('looking a list up', () => {
  it('asks for a domain once and fills every row of it, a group of answers at a time', async () => {
    const { desk, ordered, answer, settle, ring } = bench();
    desk.text = 'ana@contoso.example\nben@Contoso.example\nfabrikam.example';
    const over = desk.lookUp();
    expect(ordered).toEqual([['contoso.example', 'fabrikam.example']]);
    answer('contoso.example');
    expect(desk.done).toBe(0);
    ring();
    expect(desk.done).toBe(2);
    answer('fabrikam.example');
    settle();
    await over;
    expect(desk.rows.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('keeps what was found when it is stopped or breaks, and says what was not looked up', async () => {
    for (const end of ['stop', 'break']) {
      const { desk, answer, settle } = bench();
      desk.text = 'contoso.example\nfabrikam.example';
      const over = desk.lookUp();
      answer('contoso.example');
      if (end === 'stop') desk.stop();
      else settle({ code: 'channel-lost', detail: '' });
      await over;
      expect(desk.rows.map(({ state }) => state)).toEqual(['done', 'stopped']);
      expect(desk.fault?.code).toBe(end === 'stop' ? undefined : 'channel-lost');
      expect(desk.running).toBe(false);
    }
  });

  it('does nothing with an empty list', async () => {
    const { desk, ordered } = bench();
    desk.text = 'nothing here';
    expect(await desk.lookUp()).toBe(false);
    expect(ordered).toEqual([]);
  });
});
