/**
 * Small things that the window itself remembers: the theme, and when the person asked for help. No address, no secret;
 * where the web view keeps nothing (private mode, full disk) the window works all the same.
 */
export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

const THEME_KEY = 'theme';
const ASKED_KEY = 'asked';
/** As many as the history has lines. */
const MOST_ASKED = 50;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing depends on it.
  }
}

export function rememberedTheme(): Theme {
  const kept = read(THEME_KEY);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

export function rememberTheme(theme: Theme): void {
  write(THEME_KEY, theme);
}

/** Examination id → when help was asked for (RFC 3339). */
export type AskedMarks = Readonly<Record<string, string>>;

export const askedMarks = {
  all(): AskedMarks {
    try {
      const kept: unknown = JSON.parse(read(ASKED_KEY) ?? '{}');
      if (typeof kept !== 'object' || kept === null) return {};
      return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    } catch {
      return {};
    }
  },
  add(id: string, when: string): void {
    const kept = Object.entries({ ...askedMarks.all(), [id]: when }).slice(-MOST_ASKED);
    write(ASKED_KEY, JSON.stringify(Object.fromEntries(kept)));
  },
};
