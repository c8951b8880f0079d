// @ts-check
/** The journeys of a person through the window, in a real browser, with the scripted program. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { check, startBrowser, until } from '../browser.mjs';
import { DESK_LIST, SENT_REPORT, deskWith, reportFile } from '../scenes.mjs';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('../browser.mjs').OpenWindow} */
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

/** @param {import('../browser.mjs').Wish} [wish] */
async function open(wish) {
  shown = await browser.open(wish);
  return shown;
}

/** @param {string} [address] */
async function toResult(address = 'ana@contoso.example') {
  await check(shown, address);
  await shown.by('saw-error-code').waitFor();
  await shown.release();
  await shown.by('result-title').first().waitFor();
}

describe('from an address to a result', () => {
  test('the person who needs an administrator gets verdict, link and message', async () => {
    await open();
    assert.equal(await shown.page.evaluate('document.activeElement?.id'), 'address', 'the one field has the focus');
    await toResult();
    assert.equal(await text('result-title'), 'Contoso wants an administrator to approve HubSpot first.');
    assert.equal(await shown.by('result-who').getAttribute('data-fixer'), 'admin');
    assert.match(await text('result-who'), /IT admin/);
    assert.equal(await shown.page.evaluate('document.activeElement?.dataset.testid'), 'result-title', 'the answer has the focus');
    await shown.page.locator('summary', { hasText: 'Show as QR code' }).click();
    await shown.page.getByRole('img', { name: 'Approval link for your admin' }).waitFor();
    await shown.page.locator('summary', { hasText: 'Show as QR code' }).click();
    assert.match(await text('consent-link'), /^https:\/\/login\.microsoftonline\.com\/.+\/adminconsent\?client_id=/);
    await shown.by('open-message').click();
    assert.match(await text('message-body'), /HubSpot Sales/);
    await shown.by('message-copy').click();
    await shown.page.getByText('The message is copied').waitFor();
    const [copied] = await shown.calls('copy_text');
    assert.match(JSON.stringify(copied), /Please approve HubSpot.*adminconsent/);
    await shown.page.keyboard.press('Escape');
    await shown.by('checklist').getByText('today').waitFor();
  });

  test('what was asked for is remembered when the window is opened again', async () => {
    await open();
    await shown.page.locator('.recent-line').first().click();
    await shown.by('open-message').click();
    await shown.by('message-mail').click();
    await shown.page.getByText('Your mail program was asked').waitFor();
    assert.equal((await shown.calls('open_mail')).length, 1);
    await shown.page.goto(shown.page.url().replace(/#.*/, ''));
    await shown.page.locator('.recent-line').first().click();
    await shown.by('checklist').getByText('today').waitFor();
  });

  test('a Japanese message is too long for a mail address, and the window says where its text is', async () => {
    await open({ language: 'ja' });
    await toResult();
    await shown.by('open-message').click();
    await shown.by('message-mail').click();
    await shown.page.getByText('本文は長いためコピーしてあります').waitFor();
  });

  test('a message is saved as a draft, and a failure leaves it on the screen', async () => {
    await open();
    await toResult();
    await shown.by('open-message').click();
    await shown.by('message-save').click();
    await shown.page.getByText('Saved as /home/ana/message.eml').waitFor();
    const [saved] = await shown.calls('save_message');
    assert.match(JSON.stringify(saved), /Please approve HubSpot/);
    await shown.close();
    await open({ query: { fail: 'save_message' } });
    await toResult();
    await shown.by('open-message').click();
    await shown.by('message-save').click();
    await shown.by('message-dialog').getByText('The file could not be saved').waitFor();
    assert.match(await text('message-body'), /HubSpot/);
  });

  test('the steps keep their places and tell their states in words', async () => {
    await open({ query: { hold: 'mail-host-fine' } });
    await check(shown, 'ana@contoso.example');
    await shown.page.locator('[data-testid="step-mail-host"][data-state="running"]').waitFor();
    const names = () => shown.page.locator('[data-testid^="step-"]').evaluateAll((rows) => rows.map((row) => row.dataset['testid']));
    const order = ['address', 'mail-host', 'organisation', 'sign-in', 'mailbox', 'calendar', 'permissions'].map((name) => `step-${name}`);
    assert.deepEqual(await names(), order);
    const top = await shown.by('step-permissions').boundingBox();
    await shown.release();
    await shown.by('saw-error-code').waitFor();
    assert.deepEqual(await names(), order);
    assert.equal((await shown.by('step-permissions').boundingBox())?.y, top?.y, 'the last row has not moved');
    assert.match(await text('step-mail-host'), /Microsoft 365/);
    assert.match(await text('step-calendar'), /waiting/);
    await shown.release();
    await shown.by('result-title').waitFor();
    assert.match(await text('step-calendar'), /Not checked/);
  });

  test('a healthy account is told so, and leads on to an error text', async () => {
    await open();
    await toResult('works@contoso.example');
    assert.equal(await text('result-title'), 'This mailbox is ready to connect.');
    await shown.page.getByRole('link', { name: 'Paste an error message' }).click();
    await shown.by('explain-text').waitFor();
  });

  test('what could not be checked is never called fine', async () => {
    await open();
    await shown.page.locator('.choices summary').click();
    await shown.by('no-sign-in').check();
    await check(shown, 'works@contoso.example');
    await shown.by('result-title').waitFor();
    assert.match(await text('result-title'), /^No fault was found in what could be checked/);
    assert.equal(await shown.by('step-mailbox').getAttribute('data-state'), 'not-checked');
    const [asked] = /** @type {[{ request: { signIn: boolean } }]} */ (await shown.calls('check'));
    assert.equal(asked.request.signIn, false);
  });

  test('stopping brings back the address and says that nothing was changed', async () => {
    await open();
    await check(shown, 'ana@contoso.example');
    await shown.by('saw-error-code').waitFor();
    await shown.by('cancel-button').click();
    await shown.page.locator('.stopped').waitFor();
    assert.equal(await shown.by('address-input').inputValue(), 'ana@contoso.example');
  });

  test('checking again says what is different', async () => {
    await open();
    await toResult('ana@contoso.example');
    await shown.by('check-again').click();
    await shown.by('saw-error-code').waitFor();
    await shown.by('saw-error-code').click();
    await shown.page.locator('#page-words').fill('AADSTS50011');
    await shown.by('send-words').click();
    await shown.by('changes').waitFor();
    assert.match(await text('changes'), /No longer found: Contoso wants an administrator/);
    assert.match(await text('changes'), /New: HubSpot’s own registration/);
    await shown.by('check-again').click();
    await shown.by('saw-error-code').click();
    await shown.page.locator('#page-words').fill('AADSTS50011');
    await shown.by('send-words').click();
    await shown.by('changes').filter({ hasText: /^\s*Nothing has changed since the check before \(.+\)\.\s*$/ }).waitFor();
  });

  test('a later check of the same address is compared with the last one of the history', async () => {
    await open();
    await check(shown, 'ana@contoso.example');
    await shown.by('saw-error-code').click();
    await shown.page.locator('#page-words').fill('AADSTS50011');
    await shown.by('send-words').click();
    await shown.by('changes').filter({ hasText: 'New: HubSpot’s own registration' }).waitFor();
  });

  test('the administrator gets the approval page and the steps, and can still send it on', async () => {
    await open();
    await toResult();
    await shown.by('i-am-admin').click();
    assert.equal(await shown.page.evaluate('document.activeElement?.textContent?.includes("Open the approval page")'), true);
    await shown.by('admin-steps').getByText('Read the list of permissions').waitFor();
    await shown.page.keyboard.press('Enter');
    assert.match(JSON.stringify(await shown.calls('open_link')), /adminconsent/);
    await shown.by('not-admin').click();
    assert.equal(await shown.page.evaluate('document.activeElement?.dataset.testid'), 'open-message');
  });

  test('the checklist is ticked by hand, too, and kept', async () => {
    await open();
    await shown.page.locator('.recent-line').first().click();
    await shown.by('follow-asked').check();
    await shown.by('follow-answered').check();
    await shown.page.goto(shown.page.url().replace(/#.*/, ''));
    await shown.page.locator('.recent-line').first().click();
    assert.equal(await shown.by('follow-answered').isChecked(), true);
    await shown.by('follow-answered').uncheck();
    await shown.page.goto(shown.page.url().replace(/#.*/, ''));
    await shown.page.locator('.recent-line').first().click();
    assert.equal(await shown.by('follow-asked').isChecked(), true);
    assert.equal(await shown.by('follow-answered').isChecked(), false);
  });

  test('a running check goes on while another view is looked at', async () => {
    await open();
    await check(shown, 'ana@contoso.example');
    await shown.by('saw-error-code').waitFor();
    await shown.page.getByRole('link', { name: 'About' }).click();
    await shown.page.getByRole('link', { name: 'Back to the running check' }).click();
    await shown.by('saw-error-code').waitFor();
    await shown.release();
    await shown.by('result-title').waitFor();
  });
});

describe('while the browser is open', () => {
  test('a page that ends the sign-in leads to its explanation at once', async () => {
    await open();
    await check(shown, 'works@contoso.example');
    await shown.by('saw-need-admin-approval').click();
    await shown.by('result-title').waitFor();
    assert.equal(await shown.by('result-who').getAttribute('data-fixer'), 'admin');
    assert.deepEqual((await shown.calls('reply')).map((call) => /** @type {{reply: unknown}} */ (call).reply), [
      { reply: 'saw', page: 'need-admin-approval', text: null },
    ]);
  });

  test('a page that the person may get past gives advice first and goes on waiting', async () => {
    await open();
    await check(shown, 'works@contoso.example');
    await shown.by('saw-permission-list').click();
    await shown.page.getByText('That is a good sign').waitFor();
    assert.equal((await shown.calls('reply')).length, 0);
    await shown.page.getByRole('button', { name: 'Back to all pages' }).click();
    await shown.by('saw-nothing-opened').click();
    await shown.by('stuck').click();
    await shown.by('result-title').waitFor();
    assert.equal((await shown.calls('reply')).length, 1);
  });

  test('an error page wants its words', async () => {
    await open();
    await check(shown, 'ana@contoso.example');
    await shown.by('saw-error-code').click();
    await shown.by('send-words').click();
    await shown.page.getByText('Paste or type what the page shows first.').waitFor();
    await shown.page.locator('#page-words').fill(' AADSTS50011: redirect ');
    await shown.by('send-words').click();
    await shown.by('result-title').waitFor();
    assert.match(JSON.stringify(await shown.calls('reply')), /"page":"error-code","text":"AADSTS50011: redirect"/);
  });

  test('the final address can be pasted, the page opened again and its address copied', async () => {
    await open();
    await check(shown, 'ana@contoso.example');
    await shown.by('open-again').click();
    await shown.page.getByRole('button', { name: 'Copy the address' }).click();
    await shown.page.locator('summary', { hasText: 'localhost' }).click();
    await shown.page.locator('#pasted-address').fill('http://localhost:50113/?error=access_denied');
    await shown.page.keyboard.press('Enter');
    await shown.by('result-title').waitFor();
    const replies = JSON.stringify(await shown.calls('reply'));
    assert.match(replies, /open-again/);
    assert.match(replies, /"reply":"pasted-address","address":"http:\/\/localhost:50113\/\?error=access_denied"/);
    assert.match(JSON.stringify(await shown.calls('copy_text')), /oauth2\/v2\.0\/authorize/);
  });

  test('another browser can be chosen for the sign-in page', async () => {
    await open();
    await check(shown, 'ana@contoso.example');
    await shown.by('other-browser').selectOption({ label: 'Chromium' });
    await shown.by('open-in').click();
    await shown.by('announcement').filter({ hasText: 'opened in: Chromium' }).waitFor({ state: 'attached' });
    assert.deepEqual(await shown.calls('choose_browser'), [{ id: 'chromium.desktop' }]);
    assert.match(JSON.stringify(await shown.calls('reply')), /open-again/);
  });

  test('Google has its own pages', async () => {
    await open();
    await check(shown, 'works@fabrikam.example');
    await shown.by('saw-app-not-verified').waitFor();
    await shown.by('saw-advanced-protection').waitFor();
    assert.equal(await shown.by('saw-need-admin-approval').count(), 0);
  });
});

describe('addresses as people type them', () => {
  test('a typo is asked about, not corrected', async () => {
    await open();
    await check(shown, 'ana@gmial.com');
    await shown.by('suggestion').waitFor();
    assert.equal((await shown.calls('check')).length, 0);
    await shown.page.getByRole('button', { name: 'Use it' }).click();
    assert.equal(await shown.by('address-input').inputValue(), 'ana@gmail.com');
    await shown.by('check-button').click();
    await shown.by('cancel-button').waitFor();
  });

  test('an address that is right as typed can be kept', async () => {
    await open();
    await check(shown, 'ana@gmial.com');
    await shown.page.getByRole('button', { name: 'No, it is right as typed' }).click();
    await shown.by('check-button').click();
    await shown.by('cancel-button').waitFor();
    assert.match(JSON.stringify(await shown.calls('check')), /ana@gmial\.com/);
  });

  test('full-width characters and mailto are tidied', async () => {
    await open({ language: 'ja' });
    await check(shown, 'mailto:ａｎａ＠ｃｏｎｔｏｓｏ．ｅｘａｍｐｌｅ');
    await shown.by('cancel-button').waitFor();
    assert.match(JSON.stringify(await shown.calls('check')), /"address":"ana@contoso\.example"/);
  });

  test('an address with a fault says which, and keeps it', async () => {
    await open();
    await check(shown, 'ana');
    assert.match(await text('address-problem'), /has an @ in it/);
    assert.equal(await shown.by('address-input').inputValue(), 'ana');
    assert.equal((await shown.calls('check')).length, 0);
  });

  test('an error text in the address field leads to its explanation', async () => {
    await open();
    await check(shown, 'AADSTS90094: The grant requires admin permission.');
    await shown.by('looks-like-error').waitFor();
    await shown.page.keyboard.press('Enter');
    await shown.by('result-title').waitFor();
    assert.equal((await shown.calls('check')).length, 0);
  });

  test('Enter during composition does not submit', async () => {
    await open({ language: 'ja' });
    const field = shown.by('address-input');
    await field.fill('ana@contoso.example');
    const session = await shown.page.context().newCDPSession(shown.page);
    await session.send('Input.imeSetComposition', { text: 'え', selectionStart: 1, selectionEnd: 1 });
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
    await session.send('Input.insertText', { text: '' });
    assert.equal((await shown.calls('check')).length, 0);
    await field.fill('ana@contoso.example');
    await field.press('Enter');
    await shown.by('cancel-button').waitFor();
  });
});

describe('an error text', () => {
  const PAGE = 'AADSTS90094: needs an admin.\nhttp://localhost/?code=0.AXkAsecret&state=1\nTrace ID: 0f4c6a10-7c1e-4b53-a6a7-9d3b5be61500';

  test('is explained, with the words that led there, ids to copy, and without its secrets', async () => {
    await open();
    await shown.by('explain-door').click();
    await shown.by('explain-text').fill(PAGE);
    await shown.by('explain-button').click();
    await shown.by('result-title').waitFor();
    assert.equal(await shown.page.locator('mark').innerText(), 'AADSTS90094');
    const read = await text('redacted-text');
    assert.doesNotMatch(read, /AXkAsecret/);
    assert.match(read, /code=\*\*\*/);
    await shown.page.getByRole('button', { name: 'Copy Trace id' }).click();
    assert.match(JSON.stringify(await shown.calls('copy_text')), /0f4c6a10/);
  });

  test('with an address in it tells what is worth knowing about that', async () => {
    await open({ hash: '#/explain' });
    await shown.by('explain-text').fill('AADSTS90094 https://login.microsoftonline.com/common/oauth2/v2.0/authorize?prompt=consent');
    await shown.by('explain-button').click();
    await shown.by('address-notes').getByText('The address contains prompt=consent.').waitFor();
  });

  test('with several causes asks one question, and the answer settles it', async () => {
    await open({ hash: '#/explain' });
    await shown.by('explain-text').fill('MailboxNotEnabledForRESTAPI');
    await shown.by('explain-button').click();
    await shown.by('question').waitFor();
    await shown.page.getByText('one of several possible').first().waitFor();
    await shown.page.getByRole('button', { name: 'It says the mailbox is being moved' }).click();
    assert.equal(await text('result-title'), 'Your mailbox is being moved right now.');
    assert.equal(await shown.by('result-who').first().getAttribute('data-fixer'), 'wait');
  });

  test('that is not known is called so', async () => {
    await open({ hash: '#/explain' });
    await shown.by('explain-text').fill('It does not work.');
    await shown.by('explain-button').click();
    assert.match(await text('result-title'), /could not tell the cause/);
  });

  test('can be dropped as a file', async () => {
    await open({ hash: '#/explain' });
    await shown.by('explain-text').evaluate((field) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['Need admin approval'], 'error.txt', { type: 'text/plain' }));
      field.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    });
    await shown.by('result-title').waitFor();
    assert.equal(await shown.by('explain-text').inputValue(), 'Need admin approval');
  });

  test('that is empty is asked for', async () => {
    await open({ hash: '#/explain' });
    await shown.by('explain-button').click();
    await shown.page.getByText('Paste the error message first.').waitFor();
    assert.equal((await shown.calls('explain')).length, 0);
  });
});

describe('languages', () => {
  test('the window speaks the system’s language and marks it', async () => {
    await open({ language: 'ja' });
    assert.equal(await shown.page.evaluate('document.documentElement.lang'), 'ja');
    await shown.page.getByRole('heading', { name: '接続できないのは、どのメールボックスですか？' }).waitFor();
  });

  test('a result on the screen follows a change of language', async () => {
    await open();
    await toResult();
    await shown.by('language-select').selectOption('ja');
    await shown.page.getByText('管理者の承認が必要です').first().waitFor();
    assert.equal(await shown.page.locator('article').getAttribute('lang'), 'ja');
    assert.deepEqual(await shown.calls('set_language'), [{ language: 'ja' }]);
  });

  test('the message has a language of its own', async () => {
    await open();
    await toResult();
    await shown.by('open-message').click();
    await shown.page.getByRole('dialog').getByLabel('日本語').check();
    await shown.page.getByText('お疲れさまです').waitFor();
    assert.equal(await shown.by('message-body').getAttribute('lang'), 'ja');
    assert.equal(await shown.page.evaluate('document.documentElement.lang'), 'en');
  });
});

describe('the way for the target app', () => {
  test('is named with values to copy, and the others stand behind it', async () => {
    await open({ query: { scene: 'unsettled' } });
    await check(shown, 'ana@contoso.example');
    await shown.page.locator('[data-testid="road-imap"][data-standing="take"]').waitFor();
    await shown.by('road-imap').getByRole('button', { name: 'Copy Port' }).click();
    assert.deepEqual(await shown.calls('copy_text'), [{ text: '993' }]);
    await shown.by('roads').getByText('One other way').click();
    await shown.by('road-microsoft').getByText('closed').waitFor();
    await shown.by('road-imap').getByRole('link').click();
    assert.match(JSON.stringify(await shown.calls('open_link')), /support\.google\.com/);
  });
});

describe('about', () => {
  test('the licences of the parts can be read', async () => {
    await open({ hash: '#/about' });
    await shown.by('licences').locator('summary').click();
    await shown.by('licences').getByText('@tauri-apps/api').first().waitFor();
    assert.match(await text('all-licences'), /\/usr\/share\/doc\/inbox-doctor\/third-party-licences\.txt\.gz .* licences\.txt/);
    assert.deepEqual(shown.faults, []);
  });
});

describe('motion', () => {
  const LONGEST = 160;
  const motions = () =>
    shown.page.evaluate(() =>
      Array.from(document.querySelectorAll('*')).flatMap((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        const longest = Math.max(...transitionDuration.split(',').map((time) => parseFloat(time) * (time.includes('ms') ? 1 : 1_000)));
        return longest > 0 || animationName !== 'none' ? [{ longest, animationName }] : [];
      }),
    );

  test('is short, and only the running step breathes', async () => {
    await open({ query: { hold: 'mail-host-fine' }, motion: 'no-preference' });
    await check(shown, 'ana@contoso.example');
    await shown.page.locator('[data-state="running"]').first().waitFor();
    const found = await motions();
    assert.ok(found.length > 0);
    for (const { longest } of found) assert.ok(longest <= LONGEST, `${longest} ms`);
    assert.ok(found.filter(({ animationName }) => animationName !== 'none').length <= 2);
  });

  test('there is none where the person wants none', async () => {
    await open({ query: { hold: 'mail-host-fine' } });
    await check(shown, 'ana@contoso.example');
    await shown.page.locator('[data-state="running"]').first().waitFor();
    assert.deepEqual(await motions(), []);
  });
});

describe('a report to save', () => {
  const preview = () => shown.by('report-preview');

  test('is shown as it will be saved, and follows every choice', async () => {
    await open();
    await toResult('ana@contoso.example');
    await shown.page.locator('#save-summary').click();
    await preview().waitFor();
    await preview().getByText('<user-1>@<domain-1>').first().waitFor();
    await shown.page.getByLabel('In the file').selectOption({ label: 'Names and addresses are shown' });
    await preview().getByText('ana@contoso.example').first().waitFor();
    await shown.page.getByLabel('File type').selectOption({ label: 'For programs (JSON)' });
    await preview().locator('pre.code').getByText('"schema": 1').waitFor();
    await shown.by('save-report').click();
    await shown.page.getByText('Saved as /home/ana/inbox-doctor.json').waitFor();
    assert.match(JSON.stringify(await shown.calls('save_report')), /"format":"json","redaction":"secrets"/);
  });

  test('that cannot be shown says so', async () => {
    await open({ query: { fail: 'preview_report' } });
    await toResult('ana@contoso.example');
    await shown.page.locator('#save-summary').click();
    await shown.page.locator('.save').getByTestId('fault').waitFor();
  });
});

describe('menus and shortcuts', () => {
  test('lead to the views, and save the report of the result on the screen', async () => {
    await open();
    await toResult('ana@contoso.example');
    await shown.page.keyboard.press('Control+,');
    await shown.page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await shown.page.keyboard.press('Control+s');
    await shown.by('report-preview').waitFor();
    assert.equal(await shown.page.evaluate('document.activeElement?.id'), 'save-summary');
    await shown.page.keyboard.press('F1');
    await shown.page.getByRole('heading', { name: 'About Inbox Doctor' }).waitFor();
    await shown.page.keyboard.press('Control+n');
    await shown.by('address-input').waitFor();
    await shown.page.keyboard.press('Control+o');
    await shown.by('sent-report').waitFor();
  });

  test('a report file that was opened outside is judged, and a fault from outside is told', async () => {
    await open();
    await shown.page.evaluate(`scripted.tell({ event: 'report', name: 'a.inboxdoctor', text: ${JSON.stringify(SENT_REPORT)} })`);
    await shown.by('sent-report').waitFor();
    await shown.page.evaluate(`scripted.tell({ event: 'fault', error: { code: 'not-a-report', detail: 'b.inboxdoctor' } })`);
    await shown.by('fault').getByText('not a report').waitFor();
    await shown.by('sent-report').waitFor();
  });
});

describe('settings', () => {
  test('a kept sign-in is forgotten', async () => {
    await open({ hash: '#/settings' });
    await shown.page.getByRole('button', { name: 'Forget the sign-in of works@contoso.example' }).click();
    await shown.page.getByText('The sign-in of works@contoso.example is forgotten.').waitFor();
    assert.deepEqual(await shown.calls('forget_account'), [{ provider: 'microsoft', address: 'works@contoso.example' }]);
    assert.equal(await shown.page.getByRole('button', { name: 'Forget the sign-in of works@contoso.example' }).count(), 0);
  });

  test('the theme is kept', async () => {
    await open({ hash: '#/settings' });
    await shown.by('theme-dark').check();
    await shown.page.reload();
    await shown.by('theme-dark').waitFor();
    assert.equal(await shown.page.evaluate('document.documentElement.dataset.theme'), 'dark');
  });

  test('what the organisation has set says so', async () => {
    await open({ hash: '#/settings', query: { policy: '' } });
    const row = shown.by('setting-helpdeskAddress');
    await row.getByText('Set by your organisation, so that all its computers do the same.').waitFor();
    assert.match(await row.innerText(), /helpdesk@contoso\.example/);
    assert.equal(await row.locator('input, select, button').count(), 0);
    assert.equal(await shown.by('client-microsoft').getAttribute('readonly'), '');
    await shown.by('setting-keepSignIn').getByText('Suggested by your organisation').waitFor();
    assert.equal(await shown.by('setting-keepSignIn').getByRole('switch').isEnabled(), true);
  });

  test('are changed, kept, refused with the reason, and hold at once', async () => {
    await open({ hash: '#/settings' });
    await shown.by('setting-keepHistory').getByRole('switch').uncheck();
    await shown.by('setting-keepHistory').getByText('No check is kept, because your settings say so.').waitFor();
    await shown.by('setting-proxy').getByRole('textbox').fill('proxy');
    await shown.by('save-proxy').click();
    await shown.by('setting-proxy').getByText('This value cannot be used.').waitFor();
    assert.equal(await shown.by('setting-proxy').getByRole('textbox').inputValue(), 'proxy', 'what was typed stays');
    await shown.by('setting-proxy').getByRole('textbox').fill('http://proxy.contoso.example:8080');
    await shown.page.keyboard.press('Enter');
    await shown.by('setting-proxy').getByText('Saved.').waitFor();
    await shown.by('setting-redaction').getByRole('combobox').selectOption('everything');
    const set = /** @type {Array<{ key: string, value: unknown }>} */ (await shown.calls('set_setting'));
    assert.deepEqual(set.map(({ key, value }) => [key, value]), [
      ['keepHistory', false],
      ['proxy', 'proxy'],
      ['proxy', 'http://proxy.contoso.example:8080'],
      ['redaction', 'everything'],
    ]);
    await shown.page.locator('.brand').click();
    assert.equal(await shown.page.locator('.recent-line').count(), 0, 'the history is off at once');
  });

  test('an own registration is tested before it is saved, and the guide leads to the portal', async () => {
    await open({ hash: '#/settings', query: { empty: '' } });
    await shown.by('client-microsoft').fill('11111111-2222-3333-4444-555555555555');
    await shown.by('test-microsoft').click();
    await shown.by('tested-microsoft').getByText('No registration has this client id').waitFor();
    await shown.by('client-microsoft').fill('01111111-2222-3333-4444-555555555555');
    await shown.by('test-microsoft').click();
    await shown.page.locator('[data-testid="tested-microsoft"][data-verdict="accepted"]').waitFor();
    await shown.by('save-registration-microsoft').click();
    await shown.by('registration-microsoft').getByText('Saved.').waitFor();
    assert.deepEqual(await shown.calls('set_setting'), [{ key: 'microsoftClientId', value: '01111111-2222-3333-4444-555555555555', language: 'en' }]);
    await shown.by('registration-microsoft').getByText('How to register with Microsoft').click();
    await shown.by('registration-microsoft').getByText('Public client/native (mobile & desktop)').waitFor();
    await shown.by('registration-microsoft').getByRole('link').click();
    assert.match(JSON.stringify(await shown.calls('open_link')), /entra\.microsoft\.com/);
    await shown.by('registration-microsoft').getByRole('button', { name: /localhost/ }).click();
    assert.deepEqual(await shown.calls('copy_text'), [{ text: 'http://localhost' }]);
  });

  test('a damaged file is told, and the rest still works', async () => {
    await open({ hash: '#/settings', query: { damaged: '' } });
    await shown.by('settings-problems').getByText('could not be read, and was left out').waitFor();
    await shown.by('theme-high-contrast').check();
    assert.equal(await shown.page.evaluate('document.documentElement.dataset.theme'), 'high-contrast');
  });
});

describe('when the program fails', () => {
  test('a start without connection is told, and can be tried again', async () => {
    await open({ query: { fail: 'start_state' } });
    await shown.by('fault').waitFor();
    await shown.page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  test('a broken check keeps the address and offers another try', async () => {
    await open({ query: { fail: 'check' } });
    await check(shown, 'ana@contoso.example');
    await shown.by('check-failed').waitFor();
    await shown.page.getByText('The connection between this window and the program broke').waitFor();
    await shown.page.getByRole('link', { name: 'Back to the start' }).click();
    assert.equal(await shown.by('address-input').inputValue(), 'ana@contoso.example');
  });

  test('a failed explanation keeps the text', async () => {
    await open({ hash: '#/explain', query: { fail: 'explain' } });
    await shown.by('explain-text').fill('AADSTS90094');
    await shown.by('explain-button').click();
    await shown.by('fault').waitFor();
    assert.equal(await shown.by('explain-text').inputValue(), 'AADSTS90094');
  });

  test('a link, a copy, a mail and a file that fail are told where they failed', async () => {
    await open({ query: { fail: 'open_link,copy_text,open_mail,save_report,message' } });
    await toResult();
    await shown.by('consent-link').click();
    await shown.page.getByText('not on the list of pages').waitFor();
    await shown.by('open-message').click();
    const dialog = shown.page.getByRole('dialog');
    await shown.by('message-copy').click();
    await dialog.getByText('Copying did not work').waitFor();
    await shown.by('message-mail').click();
    await dialog.getByText('No mail program could be opened').waitFor();
    await dialog.getByLabel('日本語').click();
    await dialog.getByText('a fault of its own').waitFor();
    await shown.page.keyboard.press('Escape');
    await shown.page.locator('.save summary').click();
    await shown.by('save-report').click();
    await shown.page.getByText('The file could not be saved').waitFor();
    assert.match(await text('result-title'), /Contoso wants/, 'the answer is still there');
  });
});

/**
 * Drops a file on an element, as the desktop does.
 * @param {string} selector
 * @param {string} name
 * @param {string} content
 */
async function drop(selector, name, content) {
  const data = await shown.page.evaluateHandle(([called, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], called));
    return transfer;
  }, /** @type {const} */ ([name, content]));
  await shown.page.dispatchEvent(selector, 'drop', { dataTransfer: data });
}

describe('a report that somebody sent', () => {
  test('is judged today, and says so', async () => {
    await open();
    await shown.by('report-file').setInputFiles(reportFile(SENT_REPORT, 'report.json'));
    assert.match(await text('sent-report'), /A report of 3 March 2026, judged today/);
    assert.match(await text('sent-report'), /masked/);
    assert.equal(await shown.by('check-again').count(), 0, 'a masked address cannot be checked');
    const [asked] = /** @type {[{ text: string, language: string }]} */ (await shown.calls('open_report'));
    assert.deepEqual(asked, { text: SENT_REPORT, language: 'en' });
  });

  test('may be dropped on any view', async () => {
    await open({ hash: '#/explain' });
    await drop('[data-testid="explain-text"]', 'From Ana.inboxdoctor', SENT_REPORT.replace('names', 'secrets'));
    await shown.by('sent-report').waitFor();
    assert.equal(await shown.by('check-again').count(), 1);
    await shown.page.goto(`${shown.page.url().replace(/#.*/, '')}#/about`);
    await drop('main h1', 'report.json', SENT_REPORT);
    await shown.by('sent-report').waitFor();
  });

  test('that is broken changes nothing on the screen', async () => {
    await open();
    await shown.by('address-input').fill('half@typed');
    await drop('body', 'report.json', SENT_REPORT.slice(0, 40));
    await shown.by('fault').getByText('This file is not a report of Inbox Doctor').waitFor();
    assert.equal(await shown.by('address-input').inputValue(), 'half@typed');
    await shown.by('report-file').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from([0, 1, 2, 255]) });
    await shown.by('fault').getByText('This file is not a report of Inbox Doctor').waitFor();
    assert.equal((await shown.calls('open_report')).length, 1, 'bytes that are no text are not sent on');
  });

  test('does not take the place of a running check', async () => {
    await open({ query: { hold: 'mail-host-fine' } });
    await check(shown, 'ana@contoso.example');
    await shown.page.locator('[data-testid="step-mail-host"][data-state="running"]').waitFor();
    await drop('body', 'report.json', SENT_REPORT);
    await shown.by('fault').getByText('Another check is still running').waitFor();
    await shown.by('cancel-button').waitFor();
  });
});

describe('recent checks', () => {
  const lines = () => shown.page.locator('.recent-line').count();

  test('are searched by address, app and outcome', async () => {
    await open({ query: { many: '' } });
    assert.equal(await lines(), 5);
    await shown.by('history-all').click();
    const all = await lines();
    assert.equal(all, 14);
    await shown.by('history-search').fill('fabrikam ｈｕｂｓｐｏｔ');
    const some = await lines();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    await shown.by('history-found').getByText(`${some} checks found`).waitFor();
    await shown.by('history-search').fill('nothing like it');
    await shown.page.getByText('No recent check fits').waitFor();
  });

  test('one is deleted, comes back by the keyboard, and nothing is purged', async () => {
    await open();
    assert.equal(await lines(), 2);
    await shown.by('delete-recent').first().focus();
    await shown.page.keyboard.press('Enter');
    await shown.by('undo-note').waitFor();
    assert.equal(await lines(), 1);
    assert.deepEqual(await shown.calls('delete_recent'), [{ ids: ['r1'] }]);
    assert.equal(await shown.page.evaluate('document.activeElement?.dataset.testid'), 'undo');
    await shown.page.keyboard.press('Enter');
    await shown.by('undo-note').waitFor({ state: 'detached' });
    assert.equal(await lines(), 2);
    assert.equal(await shown.page.evaluate('document.activeElement?.id'), 'recent-heading');
    assert.equal((await shown.calls('purge_recent')).length, 0);
  });

  test('all are deleted, and the way back stays open on other views', async () => {
    await open({ query: { many: '' } });
    await shown.by('delete-all').click();
    await shown.by('undo-note').getByText('14 checks deleted.').waitFor();
    assert.equal(await lines(), 0);
    assert.deepEqual(await shown.calls('delete_recent'), [{ ids: null }]);
    await shown.page.getByRole('link', { name: 'Settings' }).click();
    await shown.by('undo').click();
    await shown.page.getByRole('link', { name: 'Inbox Doctor, to the start' }).click();
    await shown.page.locator('.recent-line').first().waitFor();
  });

  test('what cannot be deleted stays in the list', async () => {
    await open({ query: { fail: 'delete_recent' } });
    await shown.by('delete-recent').first().click();
    await shown.by('fault').waitFor();
    assert.equal(await lines(), 2);
    assert.equal(await shown.by('undo-note').count(), 0);
  });

  test('an organisation that keeps none is named in the settings', async () => {
    await open({ query: { forgetful: '' } });
    assert.equal(await lines(), 0);
    await shown.page.getByRole('link', { name: 'Settings' }).click();
    await shown.page.getByText('No check is kept, because your organisation has switched it off.').waitFor();
  });
});

describe('the technician’s desk', () => {
  const addresses = () => shown.page.locator('[data-address]').evaluateAll((buttons) => buttons.map((button) => button.dataset['address']));

  test('looks a CSV up, sorts, filters, shows the evidence and saves what is shown', async () => {
    await open({ hash: '#/desk' });
    await shown.by('desk-file').setInputFiles(reportFile(DESK_LIST, 'people.csv'));
    await until(shown.page, "document.querySelector('[data-testid=desk-text]').value.includes('Chika')");
    await shown.by('desk-run').click();
    await shown.by('desk-progress').getByText('7 of 7 looked up').waitFor();
    await shown.by('desk-left').getByText('1 line has no address').waitFor();
    const [asked] = /** @type {[{ targets: string[] }]} */ (await shown.calls('discover_many'));
    assert.equal(asked.targets.length, 6, 'two people of one domain are one question');
    await shown.by('sort-address').click();
    await shown.by('sort-address').click();
    assert.equal((await addresses())[0], 'gen@short.example');
    assert.equal(await shown.page.locator('th.address').getAttribute('aria-sort'), 'descending');
    await shown.by('desk-filter').fill('proofpoint');
    await shown.by('desk-fitting').getByText('Rows that fit: ').waitFor();
    assert.ok((await addresses()).includes('ben@fabrikam.example'));
    assert.ok(!(await addresses()).includes('ana@contoso.example'));
    await shown.by('desk-save').click();
    await shown.page.getByText('Saved as /home/ana/inbox-doctor-').waitFor();
    const [saved] = /** @type {[{ name: string, text: string }]} */ (await shown.calls('save_text'));
    assert.match(saved.name, /^inbox-doctor-\d{4}-\d\d-\d\d\.csv$/);
    assert.match(saved.text, /"ben@fabrikam.example","fabrikam.example","Google Workspace","Proofpoint"/);
    assert.doesNotMatch(saved.text, /contoso/);
  });

  test('with the keyboard: open a row, go back to it', async () => {
    await open({ hash: '#/desk' });
    await deskWith(shown, DESK_LIST);
    await shown.page.locator('[data-address="ben@fabrikam.example"]').focus();
    await shown.page.keyboard.press('Enter');
    assert.equal(await shown.page.evaluate('document.activeElement?.id'), 'desk-detail');
    assert.match(await text('desk-detail'), /_spf\.google\.com/);
    await shown.by('desk-detail-close').focus();
    await shown.page.keyboard.press('Enter');
    assert.equal(await shown.page.evaluate('document.activeElement?.dataset.address'), 'ben@fabrikam.example');
  });

  test('is stopped at any moment, and keeps list and answers', async () => {
    await open({ hash: '#/desk', query: { hold: 'desk' } });
    await deskWith(shown, DESK_LIST);
    await shown.by('desk-progress').getByText('5 of 7 looked up').waitFor();
    await shown.by('desk-stop').click();
    await shown.by('desk-stop').waitFor({ state: 'detached' });
    assert.ok((await shown.page.locator('td.mailHost').allInnerTexts()).includes('not looked up'));
    await shown.page.getByRole('link', { name: 'About' }).click();
    await shown.page.getByRole('link', { name: 'Many at once' }).click();
    assert.equal(await shown.by('desk-text').inputValue(), DESK_LIST);
    await shown.by('desk-progress').getByText('5 of 7 looked up').waitFor();
  });

  test('five thousand rows: few are drawn, the last is reached, and no frame takes long', async () => {
    await open({ hash: '#/desk' });
    const list = Array.from({ length: 5_000 }, (_, index) => `person${index}@company${index}.example`).join('\n');
    await shown.by('desk-file').setInputFiles(reportFile(list, 'many.txt'));
    await until(shown.page, "document.querySelector('[data-testid=desk-text]').value.includes('person4999@')");
    await shown.page.evaluate(() => {
      const longest = { ms: 0 };
      Object.assign(window, { longest });
      let before = performance.now();
      const frame = (/** @type {number} */ now) => {
        longest.ms = Math.max(longest.ms, now - before);
        before = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    await shown.by('desk-run').click();
    await shown.by('desk-progress').getByText('5,000 of 5,000 looked up').waitFor();
    const longest = await shown.page.evaluate('longest.ms');
    // A wide margin for a busy computer; drawing all rows takes seconds.
    assert.ok(longest < 700, `a frame took ${Math.round(longest)} ms`);
    const drawn = await shown.page.locator('[data-address]').count();
    assert.ok(drawn < 60, `${drawn} rows are drawn`);
    assert.equal(await shown.page.locator('table').getAttribute('aria-rowcount'), '5001');
    await shown.by('desk-table').evaluate((table) => table.scrollTo(0, table.scrollHeight));
    await shown.page.locator('[data-address="person4999@company4999.example"]').waitFor();
    await shown.by('desk-filter').fill('person4321@');
    await shown.page.locator('[data-address="person4321@company4321.example"]').waitFor();
    assert.equal(await shown.page.locator('[data-address]').count(), 1);
  });
});

describe('the test of this computer', () => {
  test('tells each result in words', async () => {
    await open({ hash: '#/settings' });
    await shown.by('network-test').click();
    await shown.by('network-sum').getByText('One test failed').waitFor();
    assert.match(await text('network-keychain'), /Password store – does not work/);
    assert.match(await text('network-clock'), /not tested/);
  });

  test('says what a failure means and who can fix it', async () => {
    await open({ hash: '#/settings' });
    await shown.by('network-test').click();
    await shown.by('network-keychain').getByText('This computer has none that programs can use.').waitFor();
    await shown.by('network-keychain').getByText('What it means, and who can fix it').click();
    await shown.by('network-keychain').getByTestId('open-message').waitFor();
  });

  test('that breaks says so and can be tried again', async () => {
    await open({ hash: '#/settings', query: { fail: 'self_test' } });
    await shown.by('network-test').click();
    await shown.by('fault').waitFor();
    assert.equal(await text('network-test'), 'Test now');
  });
});
