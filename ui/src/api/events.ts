/** What the program or the keyboard asks of the window: menus, shortcuts, report files that were opened outside. */
import type { HostError } from './host';

/** What a menu item or a shortcut asks for. */
export const MENU_EVENTS = [
  'new-check',
  'open-report',
  'save-report',
  'explain',
  'desk',
  'settings',
  'about',
  'zoom-in',
  'zoom-out',
  'zoom-reset',
  'quit',
] as const;

export type MenuEvent = (typeof MENU_EVENTS)[number];

/** A report file that came from outside: by argument, a second start, or a double click. */
export interface ReportFile {
  /** File name without folder. */
  name: string;
  text: string;
}

/** `zoom-*` and `quit` never arrive: the host does them itself. */
export type HostEvent =
  | { event: 'menu'; item: Exclude<MenuEvent, 'zoom-in' | 'zoom-out' | 'zoom-reset' | 'quit'> }
  /** Judge it with `openReport(text, language)`. */
  | ({ event: 'report' } & ReportFile)
  /** A file from outside could not be read; or a settings or history file is damaged. */
  | { event: 'fault'; error: HostError };

/** The same wish twice within this time (a menu's accelerator and the page both saw one key) is one, in milliseconds. */
const SAME = 300;

const KEYS: Readonly<Record<string, MenuEvent>> = {
  n: 'new-check',
  o: 'open-report',
  s: 'save-report',
  ',': 'settings',
  q: 'quit',
  '+': 'zoom-in',
  '=': 'zoom-in',
  ';': 'zoom-in',
  '-': 'zoom-out',
  '0': 'zoom-reset',
};

/** What a key asks for. On a Mac the command key, elsewhere Ctrl. */
export function wishOf(event: KeyboardEvent, mac: boolean): MenuEvent | null {
  // While an input method composes, every key belongs to it.
  if (event.isComposing || event.keyCode === 229 || event.altKey) return null;
  if (event.key === 'F1') return 'about';
  if (mac ? !event.metaKey || event.ctrlKey : !event.ctrlKey || event.metaKey) return null;
  const key = event.key.toLowerCase();
  if (key === ';') {
    // A Japanese keyboard has the plus above the semicolon.
    return event.shiftKey ? 'zoom-in' : null;
  }
  if (event.shiftKey && key !== '+' && key !== '=') return null;
  return KEYS[key] ?? null;
}

/** Lets each wish through once, however many ways it came. */
export function once(act: (wish: MenuEvent) => void, now: () => number = () => performance.now()): (wish: MenuEvent) => void {
  let last: { wish: MenuEvent; at: number } | null = null;
  return (wish) => {
    const at = now();
    if (last !== null && last.wish === wish && at - last.at < SAME && !wish.startsWith('zoom')) return;
    last = { wish, at };
    act(wish);
  };
}
