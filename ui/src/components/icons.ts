/** Outline icons in one weight on a 24 grid. Each is a list of path data. */
export const ICONS = {
  person: ['M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8', 'M4.5 20.5c0-3.6 3.4-5.5 7.5-5.5s7.5 1.9 7.5 5.5'],
  key: ['M8 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10', 'M11.5 11.5 20 3', 'M16 7l3 3', 'M13.5 9.5l2 2'],
  building: ['M5 21V4.5h9V21', 'M14 9.5h5V21', 'M3 21h18', 'M8 8h3', 'M8 12h3', 'M8 16h3', 'M17 13v0.01', 'M17 17v0.01'],
  clock: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18', 'M12 7v5.2l3.4 2'],
  waves: ['M2.5 9.2a13.5 13.5 0 0 1 19 0', 'M5.8 12.8a8.8 8.8 0 0 1 12.4 0', 'M9 16.2a4.3 4.3 0 0 1 6 0', 'M12 19.5v0.01'],
  question: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18', 'M9.4 9.4a2.7 2.7 0 1 1 3.8 2.5c-.8.4-1.2.9-1.2 1.9', 'M12 17v0.01'],
  tick: ['M5 12.8l4.6 4.6L19.5 7'],
  circleTick: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18', 'M8 12.4l2.8 2.8L16.2 9.4'],
  triangle: ['M12 4 21.5 20h-19L12 4', 'M12 10v4.5', 'M12 17.2v0.01'],
  dash: ['M6 12h12'],
  dot: ['M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10'],
  ring: ['M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14'],
  copy: ['M9 9h11v11H9z', 'M5 15H4V4h11v1'],
  external: ['M14 4h6v6', 'M20 4l-9 9', 'M18 14v6H4V6h6'],
  mail: ['M3 5.5h18v13H3z', 'M3.5 6.5 12 13l8.5-6.5'],
  chevron: ['M9 5l7 7-7 7'],
  file: ['M6 3h8l5 5v13H6z', 'M14 3v5h5'],
  refresh: ['M20 12a8 8 0 1 1-2.4-5.7', 'M20 3.5V8h-4.5'],
  lock: ['M6 11h12v9H6z', 'M8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  search: ['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14', 'M16 16l4.5 4.5'],
  info: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18', 'M12 11v5.5', 'M12 7.8v0.01'],
  close: ['M6 6l12 12', 'M18 6 6 18'],
  calendar: ['M4 6h16v14H4z', 'M4 10.5h16', 'M8.5 3.5V8', 'M15.5 3.5V8'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type IconName = keyof typeof ICONS;
