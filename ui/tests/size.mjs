// @ts-check
/** Weighs the built window as it travels: script, style and text, compressed. Fails over the budget. */
import { readFile, readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const BUDGET = 90 * 1024;
const FOLDER = 'dist';

const names = (await readdir(FOLDER, { recursive: true })).filter((name) => /\.(js|css|html|svg)$/.test(name));
let sum = 0;
for (const name of names.sort()) {
  const size = gzipSync(await readFile(`${FOLDER}/${name}`), { level: 9 }).length;
  sum += size;
  console.log(`${String(size).padStart(8)}  ${name}`);
}
console.log(`${String(sum).padStart(8)}  of ${BUDGET} bytes, compressed`);
if (sum > BUDGET) process.exitCode = 1;
