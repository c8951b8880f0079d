// @ts-check
/** The main journeys against the real engine: what is on the screen comes from the practice cloud, and what is saved lies on a disk. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { until } from '../browser.mjs';
import { open, startBrowser } from './program.mjs';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('./program.mjs').OpenProgram} */
let shown;

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());
afterEach(async () => {
  assert.deepEqual(shown.faults, [], 'the console stayed silent');
  await shown.close();
});

/** @param {string} id */
const text = async (id) => (await shown.by(id).first().innerText()).trim();
/** Where the next file was saved, once it is there. */
async function saved() {
  const file = /** @type {string} */ (await shown.waitFor('save'));
  await waitUntil(() => existsSync(file));
  return file;
}
/** @param {string} name */
const step = (name) => shown.by(`step-${name}`).getAttribute('data-state');
const cause = () => shown.page.locator('article.answer').first().getAttribute('data-cause');
const settingsFile = () => JSON.parse(readFileSync(join(shown.folder, 'config/settings.json'), 'utf8'));

describe('a check', () => {
  test('of a healthy account finds every step fine, in both languages', async () => {
    shown = await open(browser.browser);
    await shown.check('works@contoso.example');
    await shown.signInUntilResult();
    assert.match(await text('result-title'), /ready to connect/);
    for (const name of ['address', 'mail-host', 'organisation', 'sign-in', 'mailbox', 'calendar', 'permissions']) {
      assert.equal(await step(name), 'fine', name);
    }
    await shown.by('language-select').selectOption('ja');
    await shown.page.getByText('接続できる').first().waitFor();
    await shown.waitFor('setting');
    assert.equal(settingsFile().language, 'ja', 'the language is kept');
  });

  test('that needs an administrator gives link, message and draft', async () => {
    shown = await open(browser.browser);
    await shown.check('consent-admin-required@contoso.example');
    await shown.signInUntilResult();
    assert.equal(await cause(), 'consent-admin-required');
    assert.match(await text('result-who'), /IT admin/);
    assert.equal(await step('mailbox'), 'not-checked', 'what was not looked at is not fine');
    await shown.by('open-message').click();
    assert.match(await text('message-body'), /HubSpot/);
    await shown.by('message-copy').click();
    assert.match(await shown.waitFor('copy'), /adminconsent\?client_id=/);
    await shown.by('message-save').click();
    assert.match(readFileSync(await saved(), 'utf8'), /^(To|Subject|X-Unsent|MIME-Version|Date|From):/m);
    await shown.by('message-mail').click();
    assert.match(await shown.waitFor('mail'), /^mailto:/);
  });

  test('stops at once while the browser waits, and the next one begins', async () => {
    shown = await open(browser.browser);
    await shown.check('works@contoso.example');
    await shown.waitFor('open');
    await shown.by('cancel-button').click();
    await shown.by('check-button').waitFor();
    assert.equal(await shown.by('address-input').inputValue(), 'works@contoso.example', 'the address is kept');
    await shown.by('check-button').click();
    await shown.waitFor('open');
    await shown.by('cancel-button').click();
    await shown.by('check-button').waitFor();
  });

  test('is kept in the history, opened again, deleted and brought back', async () => {
    shown = await open(browser.browser);
    await shown.check('mailbox-missing@contoso.example');
    await shown.signInUntilResult();
    assert.equal(await cause(), 'mailbox-missing');
    await shown.page.goto(shown.url);
    const line = shown.page.locator('.recent-line');
    await line.first().waitFor();
    await line.first().click();
    await shown.by('result-title').first().waitFor();
    assert.equal(await cause(), 'mailbox-missing');
    await shown.go('#/');
    await shown.by('delete-recent').first().click();
    await shown.by('undo').click();
    await line.first().waitFor();
    const kept = readdirSync(join(shown.folder, 'state/history')).filter((name) => name.endsWith('.json'));
    assert.equal(kept.length, 1);
    const secrets = readFileSync(join(shown.folder, 'state/history', kept[0] ?? ''), 'utf8').match(/canary-(access|refresh|code|secret)-/);
    assert.equal(secrets, null, 'no secret is in the history');
  });
});

describe('without a sign-in', () => {
  test('an error text is explained with the words that told', async () => {
    shown = await open(browser.browser);
    await shown.go('#/explain');
    await shown.by('explain-text').fill('AADSTS90094: The grant requires admin permission.\nhttp://localhost:5/?code=0.AXkAsecretsecretsecretsecret&state=1');
    await shown.by('explain-button').click();
    await shown.by('result-title').first().waitFor();
    assert.equal(await cause(), 'consent-admin-required');
    assert.doesNotMatch(await shown.page.locator('main').innerText(), /AXkAsecret/, 'the code in the address is masked');
  });

  test('a list of domains fills the table and is saved', async () => {
    shown = await open(browser.browser);
    await shown.go('#/desk');
    await shown.by('desk-text').fill('contoso.example\nfabrikam.example\nno domain at all');
    await shown.by('desk-run').click();
    await shown.by('desk-table').getByText('Microsoft 365').first().waitFor();
    await shown.by('desk-table').getByText('Google Workspace').first().waitFor();
    await shown.by('desk-save').click();
    const table = readFileSync(await saved(), 'utf8');
    assert.match(table, /contoso\.example/);
    assert.match(table, /fabrikam\.example/);
  });
});

describe('reports', () => {
  test('are saved in every form and opened again from outside', async () => {
    shown = await open(browser.browser);
    await shown.check('consent-admin-required@contoso.example');
    await shown.signInUntilResult();
    const details = shown.page.locator('details.save');
    await details.locator('summary').first().click();
    /** @type {string[]} */
    const files = [];
    for (const form of ['html', 'json', 'text']) {
      await details.locator('select').first().selectOption(form);
      await shown.by('save-report').click();
      files.push(await saved());
    }
    assert.match(await text('report-preview'), /HubSpot/, 'what is saved is shown before');
    const [html, json, plain] = files.map((file) => readFileSync(file, 'utf8'));
    assert.match(html ?? '', /^<!doctype html>/i);
    assert.match(plain ?? '', /HubSpot/);
    assert.match(files[1] ?? '', /\.inboxdoctor$/, 'the form that opens by double click has its own ending');
    for (const report of [html, json, plain]) assert.doesNotMatch(report ?? '', /consent-admin-required@/, 'the name is masked');

    await shown.page.goto(shown.url);
    await shown.by('address-input').waitFor();
    await shown.openOutside(files[1] ?? '');
    await shown.by('result-title').first().waitFor();
    assert.equal(await cause(), 'consent-admin-required');
  });

  test('a file that is none is refused, and what was typed stays', async () => {
    shown = await open(browser.browser);
    await shown.by('address-input').fill('ana@contoso.example');
    const file = join(shown.folder, 'broken.inboxdoctor');
    writeFileSync(file, '{"schema":1,"address":');
    await shown.openOutside(file);
    await shown.by('fault').first().waitFor();
    assert.equal(await shown.by('address-input').inputValue(), 'ana@contoso.example');
    await shown.openOutside(join(shown.folder, 'missing.inboxdoctor'));
    await shown.by('fault').first().getByText('missing.inboxdoctor').waitFor({ state: 'attached' });
  });
});

describe('settings', () => {
  test('are written to the user’s own file; what the organisation set is locked', async () => {
    shown = await open(browser.browser);
    const call = async (/** @type {string} */ name, /** @type {unknown} */ order) => {
      const answer = await shown.ask(`api/${name}`, order);
      return { status: answer.status, body: await answer.json() };
    };
    const changed = await call('set_setting', { key: 'keepHistory', value: false, language: 'en' });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.equal(settingsFile().keepHistory, false);
    assert.equal((await call('start_state', {})).body.settings.keepHistory.value, false, 'and holds at once');
    const row = changed.body.rows.find((/** @type {{ key: string }} */ { key }) => key === 'keepHistory');
    assert.deepEqual([row.value, row.userValue, row.origin, row.locked], [false, false, 'user', false]);
    assert.doesNotMatch(JSON.stringify(changed.body), /canary-secret/, 'secrets are masked');
    const refused = await call('set_setting', { key: 'signInSeconds', value: 1, language: 'en' });
    assert.deepEqual([refused.status, refused.body.code], [400, 'settings']);
    await call('set_setting', { key: 'keepHistory', value: null, language: 'en' });
    assert.equal('keepHistory' in settingsFile(), false, 'reset takes it out of the file');
  });

  test('the theme is kept and comes back', async () => {
    shown = await open(browser.browser);
    await shown.go('#/settings');
    await shown.by('theme-dark').click();
    await shown.page.locator('html[data-theme="dark"]').waitFor();
    await shown.waitFor('setting');
    assert.equal(settingsFile().theme, 'dark');
    await shown.page.evaluate('localStorage.clear()');
    await shown.page.goto(shown.url);
    await shown.page.locator('html[data-theme="dark"]').waitFor();
  });

  test('a registration is tried at the provider, and told apart from one that is unknown', async () => {
    shown = await open(browser.browser);
    const { microsoftClientId } = settingsFile();
    const tried = async (/** @type {string} */ clientId) => {
      const request = { provider: 'microsoft', clientId, clientSecret: null, tenant: null };
      return (await (await shown.ask('api/test_registration', { request })).json()).verdict;
    };
    assert.equal(await tried(microsoftClientId), 'accepted');
    assert.equal(await tried('11111111-2222-3333-4444-555555555555'), 'unknown-client');
    assert.equal(await tried('HubSpot'), 'malformed');
  });

  test('the test button of a registration says what the provider said', async () => {
    shown = await open(browser.browser);
    await shown.go('#/settings');
    const client = shown.by('client-microsoft');
    await shown.by('test-microsoft').click();
    await shown.page.locator('[data-testid="tested-microsoft"][data-verdict="accepted"]').waitFor();
    await client.fill('11111111-2222-3333-4444-555555555555');
    await shown.by('test-microsoft').click();
    await shown.page.locator('[data-testid="tested-microsoft"][data-verdict="unknown-client"]').waitFor();
  });

  test('a damaged file is told; a change begins a new one and keeps the old', async () => {
    shown = await open(browser.browser);
    const file = join(shown.folder, 'config/settings.json');
    writeFileSync(file, '{"language":"j');
    await shown.go('#/settings');
    await shown.by('settings-problems').waitFor();
    await shown.by('theme-dark').click();
    await shown.waitFor('setting');
    assert.equal(settingsFile().theme, 'dark');
    const beside = readdirSync(join(shown.folder, 'config')).filter((name) => name.includes('unreadable'));
    assert.equal(beside.length, 1);
    assert.equal(readFileSync(join(shown.folder, 'config', beside[0] ?? ''), 'utf8'), '{"language":"j');
  });
});

describe('the keyboard and the desktop', () => {
  test('shortcuts lead where menus lead', async () => {
    shown = await open(browser.browser);
    await shown.page.keyboard.press('Control+,');
    await until(shown.page, "location.hash === '#/settings'");
    await shown.page.keyboard.press('F1');
    await until(shown.page, "location.hash === '#/about'");
    await shown.page.keyboard.press('Control+-');
    assert.equal(await shown.waitFor('zoom'), 'Out');
    await shown.page.keyboard.press('Control+q');
    assert.equal(await shown.waitFor('quit'), null);
  });

  test('a link is opened outside, and only one on the list', async () => {
    shown = await open(browser.browser);
    const refused = await (await shown.ask('api/open_link', { url: 'https://evil.example/' })).json();
    assert.equal(refused.code, 'link-refused');
    assert.equal(await shown.happened('open'), undefined);
    // Where the guides to an own registration lead.
    for (const url of ['https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade', 'https://console.cloud.google.com/auth/clients']) {
      assert.equal((await shown.ask('api/open_link', { url })).status, 200, url);
      assert.equal(await shown.waitFor('open'), url);
    }
  });

  test('the sign-in page opens in another browser that is installed', async () => {
    shown = await open(browser.browser, { environment: { XDG_DATA_HOME: '/nonexistent', XDG_DATA_DIRS: otherBrowser() } });
    const found = await (await shown.ask('api/browsers', {})).json();
    assert.deepEqual(found, [{ id: 'other.desktop', name: 'Other Browser' }]);
    await shown.check('works@contoso.example');
    const first = await shown.waitFor('open');
    await shown.by('other-browser').selectOption({ label: 'Other Browser' });
    await shown.by('open-in').click();
    const opened = join(otherFolder, 'opened');
    await waitUntil(() => existsSync(opened));
    assert.equal(readFileSync(opened, 'utf8'), first, 'the same page');
    assert.equal(await shown.happened('open'), undefined, 'the system’s browser was left alone');
    await shown.by('cancel-button').click();
    await shown.by('check-button').waitFor();
  });
});

describe('faults', () => {
  test('a fault inside the program is shown, and everything stays', async () => {
    shown = await open(browser.browser);
    await shown.check('consent-admin-required@contoso.example');
    await shown.signInUntilResult();
    await shown.by('open-message').click();
    await shown.prepare({ fault: true });
    await shown.by('message-mail').click();
    await shown.by('message-dialog').getByTestId('fault').first().waitFor();
    assert.match(await text('message-body'), /HubSpot/, 'the message is still there');
    await shown.by('message-mail').click();
    assert.match(await shown.waitFor('mail'), /^mailto:/, 'and the next try works');
  });

  test('a program that goes away in the middle of a check is told, and the address is kept', async () => {
    shown = await open(browser.browser);
    await shown.check('works@contoso.example');
    await shown.waitFor('open');
    shown.kill();
    await shown.by('check-failed').waitFor();
    assert.notEqual((await shown.page.locator('main').innerText()).trim(), '', 'the window is not blank');
    await shown.go('#/');
    assert.equal(await shown.by('address-input').inputValue(), 'works@contoso.example');
  });

  test('requests without the word of this start, and those of other pages, are refused', async () => {
    shown = await open(browser.browser);
    assert.equal((await shown.ask('api/start_state', {}, { authorization: 'Bearer wrong' })).status, 403);
    assert.equal((await shown.ask('api/start_state', {}, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await shown.ask('api/start_state', {}, { origin: shown.origin })).status, 200);
    assert.equal((await shown.ask('api/no_such_command', {})).status, 400);
  });
});

/** @type {string} */
let otherFolder = '';

/** Installs a browser that only writes down what it was asked to open. */
function otherBrowser() {
  otherFolder = mkdtempSync(join(tmpdir(), 'other-browser-'));
  mkdirSync(join(otherFolder, 'applications'));
  const program = join(otherFolder, 'other-browser');
  writeFileSync(program, `#!/bin/sh\nprintf '%s' "$1" > '${otherFolder}/opened.part' && mv '${otherFolder}/opened.part' '${otherFolder}/opened'\n`);
  chmodSync(program, 0o755);
  const entry = `[Desktop Entry]\nType=Application\nName=Other Browser\nExec="${program}" %u\nMimeType=x-scheme-handler/https;\n`;
  writeFileSync(join(otherFolder, 'applications/other.desktop'), entry);
  return otherFolder;
}

/** @param {() => boolean} question */
async function waitUntil(question) {
  for (const begun = Date.now(); Date.now() - begun < 15_000; ) {
    if (question()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('waited in vain');
}
