// @ts-check
/** One page with all pictures of the window, for a person to look over. */
import { readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Writes `index.html` beside the pictures (`<scene>~<shape>.<ending>`), a row for each scene, and tells where it lies.
 * @param {string} folder
 */
export async function writeSheet(folder) {
  const names = (await readdir(folder)).filter((name) => /~.*\.(png|jpg)$/.test(name)).sort();
  /** @type {Map<string, string[]>} */
  const scenes = new Map();
  for (const name of names) {
    const scene = name.split('~', 1)[0] ?? name;
    scenes.set(scene, [...(scenes.get(scene) ?? []), name]);
  }
  const rows = [...scenes].map(
    ([scene, pictures]) =>
      `<h2 id="${scene}">${scene}</h2><div>${pictures.map((name) => `<a href="${name}"><img src="${name}" alt="${name}" loading="lazy"><span>${name.replace(/^.*~|\.\w+$/g, '')}</span></a>`).join('')}</div>`,
  );
  const style = `body{font:14px/1.4 system-ui,sans-serif;margin:24px;background:#ddd;color:#111}h2{margin:32px 0 8px}div{display:flex;gap:12px;overflow-x:auto;align-items:flex-start}a{flex:none;color:inherit}img{display:block;height:420px;border:1px solid #999;background:#fff}`;
  await writeFile(`${folder}/index.html`, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox Doctor, every view</title><style>${style}</style><h1>Every view (${scenes.size} × ${Math.round(names.length / Math.max(1, scenes.size))})</h1>${rows.join('\n')}</html>\n`);
  console.log(`pictures of every view: ${resolve(folder, 'index.html')}`);
}
