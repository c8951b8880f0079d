/**
 * Small things that the window itself remembers: the theme, and when the person asked for help. No address, no secret;
 * where the web view keeps nothing (private mode, full disk) the window works all the same.
 */
export const THEMES = ['system', 'light', 'dark', 'high-contrast'] as const;

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

/** What a person ticks off while somebody else mends it. */
export const FOLLOW_UPS = ['asked', 'answered'] as const;

export type FollowUp = (typeof FOLLOW_UPS)[number];

/** Examination id → what was ticked off, and when (RFC 3339). */
export type FollowedMarks = Readonly<Record<string, Readonly<Partial<Record<FollowUp, string>>>>>;

export const followedMarks = {
  all(): FollowedMarks {
    try {
      const kept: unknown = JSON.parse(read(ASKED_KEY) ?? '{}');
      if (typeof kept !== 'object' || kept === null) return {};
      return Object.fromEntries(Object.entries(kept).flatMap(([id, marks]) => (marks === null ? [] : [[id, marksOf(marks)]])));
    } catch {
      return {};
    }
  },
  keep(marks: FollowedMarks): void {
    write(ASKED_KEY, JSON.stringify(marks));
  },
};

/** The marks with this step ticked off at that time, or not ticked (`null`); those of the oldest checks go. */
export function marked(marks: FollowedMarks, id: string, step: FollowUp, when: string | null): FollowedMarks {
  const { [id]: own, ...others } = marks;
  const { [step]: _, ...left } = own ?? {};
  const entries = Object.entries({ ...others, [id]: when === null ? left : { ...left, [step]: when } });
  return Object.fromEntries(entries.slice(-MOST_ASKED));
}

function marksOf(kept: unknown): Partial<Record<FollowUp, string>> {
  // Once only the time of the question was kept.
  if (typeof kept === 'string') return { asked: kept };
  if (typeof kept !== 'object' || kept === null) return {};
  const given = new Map(Object.entries(kept));
  return Object.fromEntries(FOLLOW_UPS.map((step) => [step, given.get(step)]).filter(([, when]) => typeof when === 'string'));
}
