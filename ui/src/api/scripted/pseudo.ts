/**
 * English in disguise: every letter of the window's own words becomes one with a mark. A plain word on the screen then
 * is either data or a text that nobody can translate.
 */
const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MARKED = [...'ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ'];

export function disguised<Value>(value: Value): Value {
  if (typeof value === 'string') return [...value].map((letter) => MARKED[PLAIN.indexOf(letter)] ?? letter).join('') as Value;
  if (typeof value === 'function') return ((given: Readonly<Record<string, unknown>>) => around(value(given) as string, given)) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => disguised(item)) as Value;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, disguised(item as unknown)])) as Value;
  return value;
}

/** Words around values: the values stay as they are. */
function around(text: string, given: Readonly<Record<string, unknown>>): string {
  const values = Object.values(given).filter((value): value is string => typeof value === 'string' && value !== '');
  const [first, ...rest] = values;
  if (first === undefined) return disguised(text);
  return text
    .split(first)
    .map((piece) => around(piece, Object.fromEntries(rest.entries())))
    .join(first);
}
