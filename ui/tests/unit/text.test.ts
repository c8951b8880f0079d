import { describe, expect, it } from 'vitest';
import { asHostError } from '../../src/api/host';
import { en } from '../../src/locales/en';
import { ja } from '../../src/locales/ja';
import { languageOfTag } from '../../src/locales';
import { dateOf, dayOf, daysSince, secondsOf } from '../../src/lib/format';
import { decodeText } from '../../src/lib/file';
import { highlight } from '../../src/lib/highlight';
import { phrases } from '../../src/lib/phrases';
import { isPlainEnter } from '../../src/lib/keys';
import { hashOf, routeOf, ROUTES } from '../../src/state/route';

/** Every text of a language with its path; functions are called with stand-ins. */
function texts(value: unknown, path = ''): Array<[string, string]> {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const parameters = new Proxy({}, { get: (_, name) => (name === 'count' || name === 'minutes' ? 2 : `<${String(name)}>`) });
    return [[path, String(value(parameters))]];
  }
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
  return [];
}

describe('a Japanese line', () => {
  it('keeps honorifics with their word, and what a fixed blank joins together', () => {
    expect(phrases('問題はなく、お手元で変更するところもありません。')).not.toContain('お');
    expect(phrases('問題はなく、お手元で').some((piece) => piece.startsWith('お手元'))).toBe(true);
    expect(phrases('所要時間は 2\u00a0分ほどです').some((piece) => piece.includes('2\u00a0分'))).toBe(true);
  });
});

describe('an address in a headline', () => {
  it('breaks behind its marks only', () => {
    expect(phrases('Checking ana.lima@contoso.example')).toEqual(['Checking ana.', 'lima@', 'contoso.', 'example']);
    expect(phrases('Version 1.2 is fine.')).toEqual(['Version 1.2 is fine.']);
  });
});

describe('both languages', () => {
  it('have the same texts, and none is empty', () => {
    expect(texts(ja).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
    for (const [path, text] of [...texts(en), ...texts(ja)]) expect(text.trim(), path).not.toBe('');
  });

  it('use the same parameters', () => {
    const used = (text: string): string[] => (text.match(/<\w+>/g) ?? []).sort();
    const japanese = new Map(texts(ja));
    for (const [path, text] of texts(en)) expect(used(japanese.get(path) ?? ''), path).toEqual(used(text));
  });

  it('have no exclamation mark and no word of blame', () => {
    for (const [path, text] of [...texts(en), ...texts(ja)]) {
      expect(text, path).not.toMatch(/[!！]|\boops\b|\bsimply\b|\binvalid\b/i);
    }
  });

  it('leave no English sentence in the Japanese', () => {
    for (const [path, text] of texts(ja)) {
      if (path.startsWith('.product') || path === '.start.placeholder' || path.startsWith('.steps')) continue;
      expect(text, path).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });

  it('are chosen by the system’s tag', () => {
    expect(['ja-JP', 'ja_JP.UTF-8', 'JA', 'en-US', 'de-DE', ''].map(languageOfTag)).toEqual(['ja', 'ja', 'ja', 'en', 'en', 'en']);
  });
});

describe('Japanese headlines', () => {
  it('break between phrases only, and lose nothing', () => {
    const title = 'Contoso では、HubSpot を利用する前に管理者の承認が必要です。';
    expect(phrases(title).join('')).toBe(title);
    for (const phrase of phrases(title).slice(1)) expect(phrase, phrase).not.toMatch(/^[をにのがで、。す]/);
    expect(phrases('要求を送信しました')).toEqual(['要求を', '送信しました']);
    expect(phrases('（サインインが途中で止まったため）').join('|')).not.toMatch(/（\||\|）/);
  });

  it('of other languages are left alone', () => {
    expect(phrases('Contoso wants an administrator.')).toEqual(['Contoso wants an administrator.']);
  });

  it('of every text of the window are whole', () => {
    for (const [path, text] of texts(ja)) expect(phrases(text).join(''), path).toBe(text);
  });
});

describe('highlighting', () => {
  const place = (start: number, end: number) => ({ start, end, line: 1, words: '' });

  it('shows exactly the text, whatever the places are', () => {
    const text = 'AADSTS90094: 管理者の承認が必要です 🙂.';
    for (const places of [[], [place(0, 11)], [place(3, 8), place(0, 5)], [place(-4, 2), place(30, 900)], [place(5, 5), place(9, 2)]]) {
      expect(highlight(text, places).map((stretch) => stretch.text).join('')).toBe(text);
    }
  });

  it('joins places that touch or overlap', () => {
    expect(highlight('abcdef', [place(1, 3), place(2, 4), place(4, 5)])).toEqual([
      { text: 'a', marked: false },
      { text: 'bcde', marked: true },
      { text: 'f', marked: false },
    ]);
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 24, 12);
  const at = (day: number, hour = 9): string => new Date(2026, 10, day, hour).toISOString();

  it('are said as people say them', () => {
    expect(dayOf(at(24), 'en', now)).toBe('today');
    expect(dayOf(at(23, 23), 'en', now)).toBe('yesterday');
    expect(dayOf(at(21), 'en', now)).toBe('Saturday');
    expect(dayOf(at(3), 'en', now)).toBe('3 November');
    expect(dayOf(at(23), 'ja', now)).toBe('昨日');
    expect(dayOf(at(21), 'ja', now)).toBe('土曜日');
    expect(dayOf('no time', 'en', now)).toBe('no time');
    expect(dateOf('2026-11-24', 'ja')).toBe('2026年11月24日');
    expect(secondsOf(1234, 'en')).toBe('1.2s');
    expect(daysSince('2026-11-20', now)).toBe(4);
  });
});

describe('keys and addresses of the window', () => {
  it('Enter during composition submits nothing', () => {
    const key = (isComposing: boolean, keyCode = 13) => isPlainEnter({ key: 'Enter', isComposing, keyCode });
    expect([key(false), key(true), key(false, 229)]).toEqual([true, false, false]);
  });

  it('every view has its own address', () => {
    for (const route of ROUTES) expect(routeOf(hashOf(route))).toBe(route);
    expect(routeOf('#/nonsense')).toBe('start');
  });
});

describe('what a command rejects with', () => {
  it('is always read as a typed error', () => {
    expect(asHostError({ code: 'policy', detail: 'x' })).toEqual({ code: 'policy', detail: 'x' });
    expect(asHostError('boom')).toEqual({ code: 'engine', detail: 'boom' });
    expect(asHostError(new Error('boom'))).toEqual({ code: 'engine', detail: 'boom' });
    expect(asHostError(undefined).code).toBe('engine');
  });
});

describe('a dropped file', () => {
  it('is read in the encodings that mail programs save', () => {
    expect(decodeText(new TextEncoder().encode('エラー'))).toBe('エラー');
    expect(decodeText(new Uint8Array([0x83, 0x47, 0x83, 0x89, 0x81, 0x5b]))).toBe('エラー');
    expect(decodeText(new Uint8Array([0xff, 0xfe, 0x41, 0x00]))).toBe('A');
    expect(decodeText(new Uint8Array([0x00, 0x01, 0x02]))).toBeNull();
  });
});
