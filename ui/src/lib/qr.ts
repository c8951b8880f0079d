/**
 * A QR code of a short text, so that an approval link can be read by the administrator's phone. ISO/IEC 18004: byte
 * mode, error correction M, versions 1 to 15 (412 bytes); a longer text gives `null`.
 */

/** As many bytes as the largest version holds. */
export const MOST_QR_BYTES = 412;

/** Per version from 1: all codewords, error-correction codewords per block, blocks (tables 1 and 9, level M). */
const VERSIONS: ReadonlyArray<readonly [number, number, number]> = [
  [26, 10, 1], [44, 16, 1], [70, 26, 1], [100, 18, 2], [134, 24, 2], [172, 16, 4], [196, 18, 4], [242, 22, 4],
  [292, 22, 5], [346, 26, 5], [404, 30, 5], [466, 22, 8], [532, 22, 9], [581, 24, 9], [655, 24, 10],
];

/** Centres of the alignment patterns per version from 1 (annex E). */
const ALIGNMENT: ReadonlyArray<readonly number[]> = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50], [6, 30, 54],
  [6, 32, 58], [6, 34, 62], [6, 26, 46, 66], [6, 26, 48, 70],
];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = value;
  EXP[power + 255] = value;
  LOG[value] = power;
  value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0);
}

/** The remainder of the data by the generator polynomial of this degree. */
function correction(data: readonly number[], degree: number): number[] {
  let generator = [1];
  for (let root = 0; root < degree; root += 1) {
    const next = [...generator, 0];
    generator.forEach((factor, index) => {
      next[index + 1] = (next[index + 1] ?? 0) ^ times(factor, EXP[root] ?? 0);
    });
    generator = next;
  }
  const rest = [...data, ...Array<number>(degree).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const lead = rest[at] ?? 0;
    generator.forEach((factor, index) => {
      rest[at + index] = (rest[at + index] ?? 0) ^ times(factor, lead);
    });
  }
  return rest.slice(data.length);
}

/** Data with its correction, interleaved as it is drawn. */
function codewords(bytes: Uint8Array, version: number, [all, perBlock, blocks]: readonly [number, number, number]): number[] {
  const room = all - perBlock * blocks;
  const bits: number[] = [];
  const push = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  push(0b0100, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const data: number[] = [];
  for (let at = 0; at < bits.length; at += 8) data.push(bits.slice(at, at + 8).reduce((value, bit) => value * 2 + bit, 0));
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);

  const short = Math.floor(room / blocks);
  const parts: number[][] = [];
  for (let block = 0, at = 0; block < blocks; block += 1) {
    const length = short + (block >= blocks - (room % blocks) ? 1 : 0);
    parts.push(data.slice(at, at + length));
    at += length;
  }
  const repair = parts.map((part) => correction(part, perBlock));
  const woven: number[] = [];
  for (const rows of [parts, repair]) {
    const longest = Math.max(...rows.map((row) => row.length));
    for (let index = 0; index < longest; index += 1) {
      for (const row of rows) {
        const word = row[index];
        if (word !== undefined) woven.push(word);
      }
    }
  }
  return woven;
}

/** A value with its remainder by a generator, for format and version information (annex C and D). */
function withRemainder(value: number, generator: number, length: number): number {
  let rest = value << length;
  for (let bit = 31 - Math.clz32(rest); bit >= length; bit = rest === 0 ? -1 : 31 - Math.clz32(rest)) {
    rest ^= generator << (bit - length);
  }
  return (value << length) | rest;
}

const MASKS: ReadonlyArray<(x: number, y: number) => boolean> = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

type Grid = Array<Array<boolean | null>>;

function put(grid: Grid, x: number, y: number, dark: boolean): void {
  const row = grid[y];
  if (row !== undefined && x >= 0 && x < row.length) row[x] = dark;
}

/** The patterns that every reader looks for; places for format and version are kept free. */
function fixedPatterns(version: number): Grid {
  const size = version * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | null>(size).fill(null));
  for (let at = 8; at < size - 8; at += 1) {
    put(grid, at, 6, at % 2 === 0);
    put(grid, 6, at, at % 2 === 0);
  }
  const centres = ALIGNMENT[version - 1] ?? [];
  const last = centres.length - 1;
  centres.forEach((cy, row) => {
    centres.forEach((cx, column) => {
      if ((row === 0 && column === 0) || (row === 0 && column === last) || (row === last && column === 0)) return;
      for (let dy = -2; dy <= 2; dy += 1) {
        for (let dx = -2; dx <= 2; dx += 1) put(grid, cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
    });
  });
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy += 1) {
      for (let dx = -4; dx <= 4; dx += 1) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        put(grid, cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
    }
  }
  if (version >= 7) {
    const word = withRemainder(version, 0x1f25, 12);
    for (let bit = 0; bit < 18; bit += 1) {
      const dark = ((word >> bit) & 1) === 1;
      put(grid, size - 11 + (bit % 3), Math.floor(bit / 3), dark);
      put(grid, Math.floor(bit / 3), size - 11 + (bit % 3), dark);
    }
  }
  drawFormat(grid, 0);
  return grid;
}

/** Level M is 00; the mask's number follows. */
function drawFormat(grid: Grid, mask: number): void {
  const size = grid.length;
  const word = withRemainder(mask, 0x537, 10) ^ 0x5412;
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((word >> bit) & 1) === 1;
    if (bit < 6) put(grid, 8, bit, dark);
    else if (bit < 8) put(grid, 8, bit + 1, dark);
    else if (bit === 8) put(grid, 7, 8, dark);
    else put(grid, 14 - bit, 8, dark);
    if (bit < 8) put(grid, size - 1 - bit, 8, dark);
    else put(grid, 8, size - 15 + bit, dark);
  }
  put(grid, 8, size - 8, true);
}

/** The free places in the order in which the bits are laid: pairs of columns from the right, up and down. */
function* freePlaces(fixed: Grid): Generator<readonly [number, number]> {
  const size = fixed.length;
  let upward = true;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (fixed[y]?.[x] === null) yield [x, y];
    }
    upward = !upward;
  }
}

/** How hard a drawing is to read: long runs, blocks, and a look like a finder pattern (section 8.8.2, in short). */
function penalty(grid: readonly (readonly boolean[])[]): number {
  const size = grid.length;
  let score = 0;
  let dark = 0;
  for (let a = 0; a < size; a += 1) {
    for (const at of [(b: number) => grid[a]?.[b], (b: number) => grid[b]?.[a]]) {
      let run = 0;
      let line = '';
      for (let b = 0; b < size; b += 1) {
        run = b > 0 && at(b) === at(b - 1) ? run + 1 : 1;
        if (run === 5) score += 3;
        else if (run > 5) score += 1;
        line += at(b) === true ? '1' : '0';
      }
      score += 40 * (line.match(/(?=00001011101|10111010000)/g)?.length ?? 0);
    }
    for (let b = 0; b < size; b += 1) {
      if (grid[a]?.[b] === true) dark += 1;
      const here = grid[a]?.[b];
      if (a > 0 && b > 0 && here === grid[a - 1]?.[b] && here === grid[a]?.[b - 1] && here === grid[a - 1]?.[b - 1]) score += 3;
    }
  }
  return score + 10 * Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5);
}

/** Rows of modules, `true` is dark; without the quiet zone. `null` when the text is too long. */
export function qrCode(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  const index = VERSIONS.findIndex(
    ([all, perBlock, blocks], at) => bytes.length * 8 + (at < 9 ? 12 : 20) <= (all - perBlock * blocks) * 8,
  );
  const sizes = VERSIONS[index];
  if (sizes === undefined) return null;
  const words = codewords(bytes, index + 1, sizes);
  const fixed = fixedPatterns(index + 1);
  const places = [...freePlaces(fixed)];
  let best: { grid: boolean[][]; score: number } | null = null;
  MASKS.forEach((inverts, mask) => {
    const grid: Grid = fixed.map((row) => [...row]);
    places.forEach(([x, y], at) => {
      const bit = ((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
      put(grid, x, y, (bit === 1) !== inverts(x, y));
    });
    drawFormat(grid, mask);
    const drawn = grid.map((row) => row.map((dark) => dark === true));
    const score = penalty(drawn);
    if (best === null || score < best.score) best = { grid: drawn, score };
  });
  return (best as { grid: boolean[][] } | null)?.grid ?? null;
}

/** The dark modules as one path of SVG, one unit each. */
export function qrPath(code: readonly (readonly boolean[])[]): string {
  return code.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
}
