// @ts-check
/** Every view and state that a person can meet, and how to get there. Screenshots and axe walk through all of them. */
import { check } from './browser.mjs';

/** @typedef {import('./browser.mjs').OpenWindow} OpenWindow */
/**
 * @typedef {object} Scene
 * @property {string} name
 * @property {Record<string, string>} [query]
 * @property {string} [hash]
 * @property {(shown: OpenWindow) => Promise<void>} [go]
 */

/**
 * A check up to the question what the browser shows.
 * @param {OpenWindow} shown
 * @param {string} [address]
 */
async function toBrowser(shown, address = 'ana@contoso.example') {
  await check(shown, address);
  await shown.by('saw-error-code').waitFor();
}

/**
 * @param {string} address
 * @returns {(shown: OpenWindow) => Promise<void>}
 */
function toResult(address) {
  return async (shown) => {
    await toBrowser(shown, address);
    await shown.release();
    await shown.by('result-title').first().waitFor();
  };
}

/**
 * @param {string} text
 * @returns {(shown: OpenWindow) => Promise<void>}
 */
function explained(text) {
  return async (shown) => {
    await shown.by('explain-text').fill(text);
    await shown.by('explain-button').click();
    await shown.by('result-title').first().waitFor();
  };
}

const ERROR_TEXT = `Sorry, but we’re having trouble signing you in.
AADSTS90094: The grant requires admin permission.
Request address: http://localhost:50113/?code=0.AXkAsecretsecretsecret&state=12345
Trace ID: 0f4c6a10-7c1e-4b53-a6a7-9d3b5be61500
Correlation ID: b2f8c1de-5a0e-4b0e-8a5f-1f2d1c9d7a42
Timestamp: 2026-11-24 08:14:34Z`;

export const DESK_LIST = `Name,E-mail
Ana,ana@contoso.example
Ben,ben@fabrikam.example
Chika,chika@contoso.example
Dai,dai@nowhere.example
Emi,emi@broken.example
Fumi,fumi@a-rather-long-name-of-a-company.example
Gen,gen@short.example`;

/**
 * @param {OpenWindow} shown
 * @param {string} list
 */
export async function deskWith(shown, list) {
  await shown.by('desk-text').fill(list);
  await shown.by('desk-run').click();
  await shown.by('desk-progress').waitFor();
}

/** A report as a person sends it, with the names masked. */
export const SENT_REPORT = JSON.stringify({
  schema: 1,
  id: 'sent',
  address: 'ana@contoso.example',
  finished: '2026-03-03T08:14:34Z',
  redaction: 'names',
});

/**
 * @param {string} text
 * @param {string} [name]
 */
export function reportFile(text, name = 'report.inboxdoctor') {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) };
}

/**
 * The same in the theme of high contrast.
 * @param {(shown: OpenWindow) => Promise<void>} go
 * @returns {(shown: OpenWindow) => Promise<void>}
 */
function contrast(go) {
  return async (shown) => {
    await go(shown);
    await shown.page.evaluate("document.documentElement.dataset.theme = 'high-contrast'");
  };
}

/** @type {readonly Scene[]} */
export const SCENES = [
  { name: 'start' },
  { name: 'start-first-time', query: { empty: '' } },
  {
    name: 'start-typo',
    go: async (shown) => {
      await check(shown, 'ana@gmial.com');
      await shown.by('suggestion').waitFor();
    },
  },
  {
    name: 'start-problem',
    go: async (shown) => {
      await check(shown, 'ana');
      await shown.page.getByText('@', { exact: false }).first().waitFor();
    },
  },
  {
    name: 'start-error-text',
    go: async (shown) => {
      await check(shown, 'AADSTS90094: The grant requires admin permission.');
      await shown.by('looks-like-error').waitFor();
    },
  },
  { name: 'start-stopped', go: async (shown) => {
    await toBrowser(shown);
    await shown.by('cancel-button').click();
    await shown.by('address-input').waitFor();
  } },
  { name: 'start-no-connection', query: { fail: 'start_state' }, go: async (shown) => shown.by('fault').waitFor() },
  {
    name: 'check-running',
    query: { hold: 'mail-host-fine' },
    go: async (shown) => {
      await check(shown, 'ana@contoso.example');
      await shown.page.locator('[data-testid="step-mail-host"][data-state="running"]').waitFor();
    },
  },
  {
    name: 'check-slow',
    query: { hold: 'mailbox-fine' },
    go: async (shown) => {
      await toBrowser(shown, 'works@contoso.example');
      await shown.release();
      await shown.page.getByText('graph.microsoft.com').waitFor();
    },
  },
  { name: 'browser-microsoft', go: (shown) => toBrowser(shown) },
  { name: 'browser-google', go: (shown) => toBrowser(shown, 'works@fabrikam.example') },
  {
    name: 'browser-advice',
    go: async (shown) => {
      await toBrowser(shown);
      await shown.by('saw-permission-list').click();
      await shown.by('stuck').waitFor();
    },
  },
  {
    name: 'browser-words',
    go: async (shown) => {
      await toBrowser(shown);
      await shown.by('saw-error-code').click();
      await shown.by('send-words').waitFor();
    },
  },
  {
    name: 'check-failed',
    query: { fail: 'check' },
    go: async (shown) => {
      await check(shown, 'ana@contoso.example');
      await shown.by('check-failed').waitFor();
    },
  },
  { name: 'result-admin', go: toResult('ana@contoso.example') },
  {
    name: 'result-admin-open',
    go: async (shown) => {
      await toResult('ana@contoso.example')(shown);
      await shown.page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
    },
  },
  {
    name: 'result-message',
    go: async (shown) => {
      await toResult('ana@contoso.example')(shown);
      await shown.by('open-message').click();
      await shown.by('message-body').waitFor();
    },
  },
  {
    name: 'result-asked',
    go: async (shown) => {
      await toResult('ana@contoso.example')(shown);
      await shown.by('open-message').click();
      await shown.by('message-copy').click();
      await shown.page.keyboard.press('Escape');
      await shown.by('message-dialog').waitFor({ state: 'hidden' });
    },
  },
  {
    name: 'result-report',
    go: async (shown) => {
      await toResult('ana@contoso.example')(shown);
      await shown.page.locator('#save-summary').click();
      await shown.by('report-preview').waitFor();
    },
  },
  {
    name: 'result-as-admin',
    go: async (shown) => {
      await toResult('ana@contoso.example')(shown);
      await shown.by('i-am-admin').click();
      await shown.by('admin-steps').waitFor();
    },
  },
  { name: 'result-you', go: toResult('elsewhere@fabrikam.example') },
  { name: 'result-vendor', go: toResult('vendor@contoso.example') },
  { name: 'result-wait', go: toResult('wait@contoso.example') },
  { name: 'result-network', go: toResult('network@contoso.example') },
  { name: 'result-works', go: toResult('works@contoso.example') },
  { name: 'result-several', go: toResult('licence@contoso.example') },
  {
    name: 'result-unsettled',
    go: async (shown) => {
      await shown.page.locator('.choices summary').click();
      await shown.by('no-sign-in').check();
      await check(shown, 'ana@contoso.example');
      await shown.by('result-title').waitFor();
    },
  },
  { name: 'explain', hash: '#/explain' },
  { name: 'explain-found', hash: '#/explain', go: explained(ERROR_TEXT) },
  { name: 'explain-question', hash: '#/explain', go: explained('{"error":{"code":"MailboxNotEnabledForRESTAPI","message":"The mailbox is either inactive, soft-deleted, or is hosted on-premise."}}') },
  { name: 'explain-unknown', hash: '#/explain', go: explained('It does not work.') },
  { name: 'start-history', query: { many: '' }, go: async (shown) => {
    await shown.by('history-search').fill('contoso');
    await shown.by('history-found').filter({ hasText: /\d/ }).waitFor();
  } },
  { name: 'start-damaged', query: { damaged: '' }, go: async (shown) => shown.by('history-damaged').waitFor() },
  { name: 'start-deleted', query: { many: '' }, go: async (shown) => {
    await shown.by('delete-recent').first().click();
    await shown.by('undo-note').waitFor();
  } },
  { name: 'start-not-a-report', go: async (shown) => {
    await shown.by('report-file').setInputFiles(reportFile('{"half": '));
    await shown.by('fault').waitFor();
  } },
  { name: 'result-sent', go: async (shown) => {
    await shown.by('report-file').setInputFiles(reportFile(SENT_REPORT));
    await shown.by('sent-report').waitFor();
  } },
  { name: 'settings-forgetful', hash: '#/settings', query: { forgetful: '' } },
  { name: 'desk', hash: '#/desk' },
  { name: 'desk-empty', hash: '#/desk', go: async (shown) => {
    await shown.by('desk-text').fill('Name, City');
    await shown.by('desk-run').click();
    await shown.page.locator('#desk-problem:not(:empty)').waitFor();
  } },
  { name: 'desk-running', hash: '#/desk', query: { hold: 'desk' }, go: async (shown) => {
    await deskWith(shown, DESK_LIST);
    await shown.by('desk-progress').filter({ hasText: '5' }).waitFor();
  } },
  { name: 'desk-found', hash: '#/desk', go: async (shown) => {
    await deskWith(shown, DESK_LIST);
    await shown.by('desk-stop').waitFor({ state: 'detached' });
    await shown.by('sort-mailHost').click();
    await shown.page.locator('[data-address="ben@fabrikam.example"]').click();
    await shown.by('desk-detail').waitFor();
  } },
  { name: 'settings-network', hash: '#/settings', go: async (shown) => {
    await shown.by('network-test').click();
    await shown.by('network-clock').waitFor();
  } },
  { name: 'settings-registration', hash: '#/settings', go: async (shown) => {
    await shown.by('client-microsoft').fill('21111111-2222-3333-4444-555555555555');
    await shown.by('test-microsoft').click();
    await shown.by('tested-microsoft').waitFor();
    for (const provider of ['microsoft', 'google']) await shown.page.locator(`[data-testid="registration-${provider}"] .guide > summary`).click();
  } },
  { name: 'settings-contrast', hash: '#/settings', query: { damaged: '' }, go: async (shown) => shown.by('theme-high-contrast').check() },
  { name: 'settings', hash: '#/settings', go: async (shown) => shown.page.getByText('works@fabrikam.example').waitFor() },
  { name: 'settings-policy', hash: '#/settings', query: { policy: '', empty: '' } },
  { name: 'about', hash: '#/about' },
  { name: 'contrast-result', go: contrast(toResult('ana@contoso.example')) },
  { name: 'contrast-browser', go: contrast((shown) => toBrowser(shown)) },
  { name: 'contrast-explain', hash: '#/explain', go: contrast(explained(ERROR_TEXT)) },
  { name: 'contrast-desk', hash: '#/desk', go: contrast((shown) => deskWith(shown, DESK_LIST)) },
];
