/** Times and numbers as the language writes them. Inputs are RFC 3339; a text that is no time is shown as it is. */
import type { Language } from '../api/host';

const LOCALE: Readonly<Record<Language, string>> = { en: 'en-GB', ja: 'ja-JP' };
const DAY_MS = 86_400_000;

function parse(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** A day as people say it: today, yesterday, Monday, 3 March. */
export function dayOf(text: string, language: Language, now: Date): string {
  const date = parse(text);
  if (date === null) return text;
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (days === 0 || days === 1) return new Intl.RelativeTimeFormat(LOCALE[language], { numeric: 'auto' }).format(-days, 'day');
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(LOCALE[language], { weekday: 'long' }).format(date);
  const sameYear = date.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(LOCALE[language], {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date);
}

/** A calendar date (`YYYY-MM-DD`) written out. */
export function dateOf(text: string, language: Language): string {
  const date = parse(`${text}T00:00:00`);
  return date === null ? text : new Intl.DateTimeFormat(LOCALE[language], { dateStyle: 'long' }).format(date);
}

/** A time of day to the second, for the technician's table. */
export function timeOf(text: string, language: Language): string {
  const date = parse(text);
  if (date === null) return text;
  return new Intl.DateTimeFormat(LOCALE[language], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(date);
}

export function numberOf(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language]).format(value);
}

/** How long a step took: `0.4 s`; nothing below a tenth. */
export function secondsOf(ms: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], {
    style: 'unit',
    unit: 'second',
    unitDisplay: language === 'ja' ? 'long' : 'narrow',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(ms / 1000);
}

/** Whole days between a calendar date and now. */
export function daysSince(text: string, now: Date): number {
  const date = parse(`${text}T00:00:00`);
  return date === null ? 0 : Math.floor((now.getTime() - date.getTime()) / DAY_MS);
}
