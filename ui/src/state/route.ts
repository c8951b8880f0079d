/** The views, each with its own address behind the `#`. */
export const ROUTES = ['start', 'check', 'result', 'explain', 'desk', 'settings', 'about'] as const;

export type Route = (typeof ROUTES)[number];

/** The view of a hash; the start for anything unknown. */
export function routeOf(hash: string): Route {
  const name = hash.replace(/^#\/?/, '').split(/[/?]/, 1)[0];
  return ROUTES.find((route) => route === name) ?? 'start';
}

export function hashOf(route: Route): string {
  return route === 'start' ? '#/' : `#/${route}`;
}
