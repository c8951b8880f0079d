/**
 * Where a Japanese headline may break. Not every web view knows `word-break: auto-phrase` (WebKit does not, 2026-11), so
 * words come from `Intl.Segmenter`, and what cannot begin a line in good style (particles, endings, closing marks) stays
 * with the word before it.
 */
const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff]/;
const CLINGS = /^[\u3040-\u309f\u30fc、。，．・：；？！」』）】〉》”’…\p{Pe}\p{Pf}\p{Po}]+$/u;
const OPENS = /(?:[「『（【〈《“‘\u00a0\p{Ps}\p{Pi}]|^[おご])$/u;
/** Honorifics begin a word. */
const BEGINS = /^[おご]$/;

/** The pieces of a text that must not be broken; together they are the text. One piece for other languages, but for addresses. */
export function phrases(text: string): string[] {
  // A long address breaks behind its marks, not in a word.
  if (!JAPANESE.test(text)) return text.includes('@') ? text.split(/(?<=[@.])(?=[\p{L}\d])/u) : [text];
  if (typeof Intl.Segmenter !== 'function') return [text];
  const pieces: string[] = [];
  for (const { segment } of new Intl.Segmenter('ja', { granularity: 'word' }).segment(text)) {
    const last = pieces.at(-1);
    if (last !== undefined && ((CLINGS.test(segment) && !BEGINS.test(segment)) || OPENS.test(last) || segment.trim() === '')) {
      pieces[pieces.length - 1] = last + segment;
    } else {
      pieces.push(segment);
    }
  }
  return joinedCompounds(pieces);
}

/** Neighbours without anything clinging between them are one compound word (承認 + 要求), up to a readable length. */
function joinedCompounds(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const compound = last !== undefined && /[\u3400-\u9fff\u30a0-\u30ff]$/.test(last) && /^[\u3400-\u9fff\u30a0-\u30ff]/.test(piece);
    if (last !== undefined && compound && last.length + piece.length <= 10) joined[joined.length - 1] = last + piece;
    else joined.push(piece);
  }
  return joined;
}
