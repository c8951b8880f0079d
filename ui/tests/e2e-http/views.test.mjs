// @ts-check
/** What the other journeys leave out: every further view and choice of the window, with the real engine behind it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
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
  assert.deepEqual(shown.faults, [], 'the console stayed silent, the content policy was kept');
  await shown.close();
});

/** @param {string} id */
const text = async (id) => (await shown.by(id).first().innerText()).trim();
const cause = () => shown.page.locator('article.answer').first().getAttribute('data-cause');

async function needsAdmin() {
  shown = await open(browser.browser);
  await shown.check('consent-admin-required@contoso.example');
  await shown.signInUntilResult();
  assert.equal(await cause(), 'consent-admin-required');
}

describe('views', () => {
  test('every view is reached by its link, and About tells what is installed', async () => {
    shown = await open(browser.browser);
    for (const [name, hash] of [['Explain an error', '#/explain'], ['Many at once', '#/desk'], ['Settings', '#/settings'], ['About', '#/about']]) {
      await shown.page.locator(`nav a[href="${hash}"]`).click();
      await until(shown.page, `location.hash === '${hash}'`);
      await shown.page.locator(`nav a[href="${hash}"][aria-current="page"]`).waitFor();
      await shown.page.locator('main h1').waitFor();
      assert.notEqual((await shown.page.locator('main').innerText()).trim(), '', name);
    }
    const version = (await (await shown.ask('api/start_state', {})).json()).version;
    await shown.page.locator('.about dd').getByText(version, { exact: true }).waitFor();
    await shown.by('licences').locator('summary').click();
    await shown.by('licences').getByText('svelte').first().waitFor();
    await shown.page.locator('a.brand').click();
    await shown.by('address-input').waitFor();
  });

  test('the test of this computer runs for real and tells each result', async () => {
    shown = await open(browser.browser);
    await shown.go('#/settings');
    await shown.by('network-test').click();
    const lines = shown.page.locator('[data-testid^="network-"][data-state]');
    await lines.first().waitFor({ timeout: 90_000 });
    assert.ok((await lines.count()) > 3);
    for (const state of await lines.evaluateAll((rows) => rows.map((row) => row.dataset['state']))) {
      assert.ok(['passed', 'failed', 'skipped'].includes(state ?? ''), state);
    }
    assert.notEqual(await text('network-sum'), '');
    const found = await lines.evaluateAll((rows) => rows.map((row) => /** @type {HTMLElement} */ (row).innerText));
    await shown.by('language-select').selectOption('ja');
    await until(shown.page, "document.documentElement.lang === 'ja'");
    const japanese = await lines.evaluateAll((rows) => rows.map((row) => /** @type {HTMLElement} */ (row).innerText));
    assert.equal(japanese.length, found.length);
    assert.notDeepEqual(japanese, found);
  });

  test('a question about an error text is answered by a click, and settles it', async () => {
    shown = await open(browser.browser);
    await shown.go('#/explain');
    await shown.by('explain-text').fill('MailboxNotEnabledForRESTAPI');
    await shown.by('explain-button').click();
    await shown.by('question').waitFor();
    assert.equal(await cause(), 'mailbox-not-in-cloud');
    await shown.by('question').getByRole('button', { name: 'It is new, or its licence was changed' }).click();
    await shown.by('question').waitFor({ state: 'detached' });
    assert.notEqual(await cause(), 'mailbox-not-in-cloud', 'the answer settles it');
    assert.match(await text('result-title'), /no licence for a mailbox/);
    assert.equal(await shown.page.locator('mark').count(), 1, 'the words that told are marked');
  });

  test('a check without a sign-in names what it did not look at', async () => {
    shown = await open(browser.browser);
    await shown.page.locator('.choices summary').click();
    await shown.by('no-sign-in').check();
    await shown.check('works@contoso.example');
    await shown.by('result-title').first().waitFor();
    assert.equal(await shown.by('step-mailbox').getAttribute('data-state'), 'not-checked');
    assert.equal(await shown.happened('open'), undefined, 'no browser was opened');
  });
});

describe('a result', () => {
  test('is previewed at each level of redaction, in each form', async () => {
    await needsAdmin();
    await shown.page.locator('#save-summary').click();
    const selects = shown.page.locator('details.save select');
    const seen = "(document.querySelector('[data-testid=report-preview] .paper')?.shadowRoot ?? document.querySelector('[data-testid=report-preview]'))?.textContent ?? ''";
    /** @type {Record<string, string>} */
    const at = {};
    let last = '';
    for (const form of ['html', 'json', 'text']) {
      await selects.first().selectOption(form);
      for (const [index, level] of ['names', 'everything', 'secrets'].entries()) {
        await selects.nth(1).selectOption({ index });
        const named = `words.includes('consent-admin-required@') === ${level === 'secrets'}`;
        await until(shown.page, `((words) => words.includes('HubSpot') && ${named} && words !== ${JSON.stringify(last)})(${seen})`);
        last = /** @type {string} */ (await shown.page.evaluate(seen));
        at[`${form} ${level}`] = last;
      }
    }
    for (const form of ['html', 'json', 'text']) {
      const [names, everything] = [at[`${form} names`] ?? '', at[`${form} everything`] ?? ''];
      assert.match(names, /contoso\.example/, `${form}: whoever mends it needs the domain`);
      assert.doesNotMatch(everything, /contoso\.example/, `${form}: nothing that names the organisation`);
    }
  });

  test('has a message in the other language, and a draft of it', async () => {
    await needsAdmin();
    await shown.by('open-message').click();
    await shown.by('message-body').getByText('HubSpot').first().waitFor();
    const english = await text('message-body');
    await shown.by('message-dialog').locator('input[value="ja"]').check();
    await until(shown.page, "document.querySelector('[data-testid=message-body]')?.lang === 'ja'");
    const japanese = await text('message-body');
    assert.match(japanese, /[ぁ-ん]/);
    assert.match(japanese, /\/adminconsent\?/);
    assert.doesNotMatch(english, /[ぁ-ん]/);
    assert.equal(await shown.page.evaluate('document.documentElement.lang'), 'en', 'the window keeps its own');
    await shown.by('message-save').click();
    const file = /** @type {string} */ (await shown.waitFor('save'));
    assert.match(file, /\.eml$/);
    await shown.by('message-dialog').getByText(file).waitFor();
    assert.ok(existsSync(file));
    const draft = readFileSync(file, 'utf8');
    assert.match(draft, /^X-Unsent: 1/m);
    assert.match(draft, /^Subject: /m);
    assert.match(draft, /utf-8/i);
  });

  test('of the administrator: the approval page, the steps, the way back', async () => {
    await needsAdmin();
    await shown.by('i-am-admin').click();
    await shown.by('admin-steps').waitFor();
    assert.equal(await shown.by('checklist').count(), 0, 'nobody is to be asked');
    await shown.page.locator('.actions a').click();
    assert.match(await shown.waitFor('open'), /\/adminconsent\?client_id=/);
    await shown.by('not-admin').click();
    await shown.by('open-message').waitFor();
    await shown.page.locator('.consent details > summary').click();
    await shown.page.locator('.qr').waitFor();
  });

  test('keeps its checklist when the page is opened anew', async () => {
    await needsAdmin();
    await shown.by('follow-asked').check();
    await shown.by('follow-answered').check();
    await shown.by('follow-answered').uncheck();
    await shown.page.goto(shown.url);
    await shown.page.locator('.recent-line').first().click();
    await shown.by('checklist').waitFor();
    assert.equal(await shown.by('follow-asked').isChecked(), true);
    assert.equal(await shown.by('follow-answered').isChecked(), false);
  });

  test('is checked again and compared, and its details are copied', async () => {
    await needsAdmin();
    const details = shown.by('technician');
    await details.locator('summary').first().click();
    assert.match(await details.innerText(), /AADSTS90094|contoso\.example/);
    await shown.by('check-again').click();
    await shown.by('result-title').first().waitFor({ state: 'detached' });
    await shown.signInUntilResult();
    await shown.by('changes').waitFor();
    assert.match(await text('changes'), /Nothing has changed/);
  });
});

describe('history', () => {
  test('all checks are deleted and brought back', async () => {
    await needsAdmin();
    await shown.page.goto(shown.url);
    await shown.page.locator('.recent-line').first().waitFor();
    await shown.by('delete-all').click();
    await shown.by('undo-note').waitFor();
    assert.equal(await shown.page.locator('.recent-line').count(), 0);
    await shown.by('undo').click();
    await shown.page.locator('.recent-line').first().waitFor();
  });
});
