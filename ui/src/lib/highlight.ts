import type { Place } from '../api/host';

/** A stretch of text, marked or not. */
export interface Stretch {
  text: string;
  marked: boolean;
}

/**
 * Cuts a text at the places that led to a cause. Places may overlap, touch, be out of order or lie outside the text:
 * what is shown is always exactly the text.
 */
export function highlight(text: string, places: readonly Place[]): Stretch[] {
  const spans = places
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(text.length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const stretches: Stretch[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.end <= at) continue;
    const start = Math.max(span.start, at);
    if (start > at) stretches.push({ text: text.slice(at, start), marked: false });
    const previous = stretches.at(-1);
    const words = text.slice(start, span.end);
    if (previous?.marked === true) previous.text += words;
    else stretches.push({ text: words, marked: true });
    at = span.end;
  }
  if (at < text.length) stretches.push({ text: text.slice(at), marked: false });
  return stretches;
}
