import { describe, expect, it } from 'vitest';
import { listening, type Told } from '../../src/api/commands';
import { once, wishOf, type HostEvent, type MenuEvent } from '../../src/api/events';

function key(name: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent {
  return { key: name, ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, isComposing: false, keyCode: 0, repeat: false, preventDefault: () => undefined, ...more } as KeyboardEvent;
}

describe('shortcuts', () => {
  it('follow the platform', () => {
    expect(wishOf(key('n'), false)).toBe('new-check');
    expect(wishOf(key('n'), true)).toBeNull();
    expect(wishOf(key('n', { ctrlKey: false, metaKey: true }), true)).toBe('new-check');
    expect(wishOf(key('F1', { ctrlKey: false }), false)).toBe('about');
    expect(wishOf(key(','), false)).toBe('settings');
  });

  it('know the plus of every keyboard, and leave other chords alone', () => {
    expect(wishOf(key('+', { shiftKey: true }), false)).toBe('zoom-in');
    expect(wishOf(key('='), false)).toBe('zoom-in');
    expect(wishOf(key(';', { shiftKey: true }), false)).toBe('zoom-in');
    expect(wishOf(key(';'), false)).toBeNull();
    expect(wishOf(key('S', { shiftKey: true }), false)).toBeNull();
    expect(wishOf(key('o', { altKey: true }), false)).toBeNull();
    expect(wishOf(key('c'), false)).toBeNull();
  });

  it('belong to the input method while it composes', () => {
    expect(wishOf(key('n', { isComposing: true }), false)).toBeNull();
    expect(wishOf(key('n', { keyCode: 229 }), false)).toBeNull();
  });
});

describe('wishes', () => {
  it('that come by menu and by page at once count once; a zoom counts each time', () => {
    let now = 0;
    const done: MenuEvent[] = [];
    const act = once((wish) => done.push(wish), () => now);
    act('new-check');
    now = 40;
    act('new-check');
    act('settings');
    act('zoom-in');
    act('zoom-in');
    now = 900;
    act('settings');
    expect(done).toEqual(['new-check', 'settings', 'zoom-in', 'zoom-in', 'settings']);
  });

  it('reach the window or the program', () => {
    const heard: HostEvent[] = [];
    const did: string[] = [];
    let tell: (told: Told) => void = () => undefined;
    let press: (event: KeyboardEvent) => void = () => undefined;
    const page = { addEventListener: (_: string, listener: (event: KeyboardEvent) => void) => (press = listener) } as unknown as Window;
    const host = { zoom: async (step: string) => void did.push(step), quit: async () => void did.push('quit') };
    listening(host, (onTold) => (tell = onTold), page, false)((event) => heard.push(event));
    press(key('o'));
    press(key('0'));
    tell({ event: 'menu', item: 'quit' });
    tell({ event: 'report', name: 'a.inboxdoctor', text: '{}' });
    expect(did).toEqual(['reset', 'quit']);
    expect(heard).toEqual([{ event: 'menu', item: 'open-report' }, { event: 'report', name: 'a.inboxdoctor', text: '{}' }]);
  });
});
