/** What a scripted check tells, event by event. Pure data: nothing here waits by itself. */
import type { CheckEvent, Examination, Fixer, Language, Observation, PageSeen, Road, Step, StepState, Verdict } from '../host';
import { example, TENANT_ID, type ExampleName } from './words';

export type SceneName = 'works' | 'approval' | 'licence' | 'elsewhere' | 'vendor' | 'wait' | 'network' | 'google' | 'unsettled';

/** A line of a script: an event, or a place where it stops until the person answers. */
export type Line = CheckEvent | { event: 'await-person' };

export interface Scene {
  address: string;
  verdict: Verdict;
  findings: ExampleName[];
  lines: (language: Language) => Line[];
}

type Note = Record<Language, string>;

const NOTES = {
  readable: { en: 'contoso.example', ja: 'contoso.example' },
  microsoft: { en: 'Microsoft 365', ja: 'Microsoft 365' },
  google: { en: 'Google Workspace', ja: 'Google Workspace' },
  contoso: { en: 'Contoso', ja: 'Contoso' },
  signedIn: { en: 'Signed in as Ana Lima', ja: 'Ana Lima としてサインイン済み' },
  approval: { en: 'Wants an administrator’s approval', ja: '管理者の承認が必要' },
  refused: { en: 'Redirect address refused', ja: '戻り先のアドレスが拒否された' },
  stopped: { en: 'Not checked, because the sign-in stopped before it', ja: '未確認（サインインが途中で止まったため）' },
  answers: { en: 'Answers', ja: '正常に応答' },
  noMailbox: { en: 'Not enabled for apps', ja: 'アプリからの利用が無効' },
  moving: { en: 'Being moved', ja: '移動中' },
  intercepted: { en: 'Certificate not trusted', ja: '証明書が信頼されていない' },
  noSignIn: { en: 'Not checked, because you chose no sign-in', ja: '未確認（サインインしない診断のため）' },
  complete: { en: 'Complete', ja: 'すべて許可済み' },
} as const satisfies Record<string, Note>;

type NoteName = keyof typeof NOTES;
type Ending = Partial<Record<Step, readonly [StepState, NoteName]>>;

const SIGN_IN_URL =
  'https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=11111111-2222-3333-4444-555555555555&response_type=code&scope=openid%20profile';

function step(name: Step, state: StepState, note: NoteName | null, language: Language): Line {
  return { event: 'step', step: name, state, note: note === null ? null : NOTES[note][language] };
}

/** The usual course: look-ups, then the browser, then the rest with these endings. */
function course(provider: 'microsoft' | 'google', endings: Ending): (language: Language) => Line[] {
  return (language) => {
    const lines: Line[] = [
      step('address', 'running', null, language),
      step('address', 'fine', 'readable', language),
      step('mail-host', 'running', null, language),
      step('organisation', 'running', null, language),
      step('mail-host', 'fine', provider, language),
      step('organisation', 'fine', 'contoso', language),
      step('sign-in', 'running', null, language),
      {
        event: 'waiting-for-browser',
        stage: 'app-scopes',
        provider,
        url: provider === 'google' ? 'https://accounts.google.com/o/oauth2/v2/auth?client_id=example' : SIGN_IN_URL,
        seconds: 300,
        opened: true,
      },
      { event: 'await-person' },
      { event: 'browser-done', stage: 'app-scopes' },
    ];
    for (const name of ['sign-in', 'mailbox', 'calendar', 'permissions'] as const) {
      const [state, note] = endings[name] ?? ['fine', name === 'sign-in' ? 'signedIn' : name === 'permissions' ? 'complete' : 'answers'];
      if (state !== 'not-checked' && name !== 'sign-in') lines.push(step(name, 'running', null, language));
      if (name === 'mailbox' && state !== 'not-checked') lines.push({ event: 'slow', step: 'mailbox', target: 'graph.microsoft.com' });
      lines.push(step(name, state, note, language));
    }
    return lines;
  };
}

const STOPPED: Ending = {
  mailbox: ['not-checked', 'stopped'],
  calendar: ['not-checked', 'stopped'],
  permissions: ['not-checked', 'stopped'],
};

export const SCENES: Readonly<Record<SceneName, Scene>> = {
  works: { address: 'works@contoso.example', verdict: 'works', findings: [], lines: course('microsoft', {}) },
  approval: {
    address: 'ana@contoso.example',
    verdict: 'blocked',
    findings: ['approval'],
    lines: course('microsoft', { 'sign-in': ['problem', 'approval'], ...STOPPED }),
  },
  licence: {
    address: 'licence@contoso.example',
    verdict: 'blocked',
    findings: ['licence', 'wait'],
    lines: course('microsoft', { mailbox: ['problem', 'noMailbox'], calendar: ['problem', 'noMailbox'] }),
  },
  elsewhere: {
    address: 'elsewhere@fabrikam.example',
    verdict: 'blocked',
    findings: ['elsewhere'],
    lines: course('microsoft', { mailbox: ['problem', 'noMailbox'], calendar: ['not-checked', 'stopped'] }),
  },
  vendor: {
    address: 'vendor@contoso.example',
    verdict: 'blocked',
    findings: ['vendor'],
    lines: course('microsoft', { 'sign-in': ['problem', 'refused'], ...STOPPED }),
  },
  wait: {
    address: 'wait@contoso.example',
    verdict: 'limited',
    findings: ['wait'],
    lines: course('microsoft', { mailbox: ['problem', 'moving'] }),
  },
  network: {
    address: 'network@contoso.example',
    verdict: 'blocked',
    findings: ['network'],
    lines: course('microsoft', { mailbox: ['problem', 'intercepted'], calendar: ['problem', 'intercepted'] }),
  },
  google: { address: 'works@fabrikam.example', verdict: 'works', findings: [], lines: course('google', {}) },
  unsettled: {
    address: 'unsettled@contoso.example',
    verdict: 'inconclusive',
    findings: [],
    lines: (language) => [
      step('address', 'running', null, language),
      step('address', 'fine', 'readable', language),
      step('mail-host', 'running', null, language),
      step('mail-host', 'fine', 'microsoft', language),
      step('organisation', 'running', null, language),
      step('organisation', 'fine', 'contoso', language),
      step('sign-in', 'not-checked', 'noSignIn', language),
      step('mailbox', 'not-checked', 'noSignIn', language),
      step('calendar', 'not-checked', 'noSignIn', language),
      step('permissions', 'not-checked', 'noSignIn', language),
    ],
  },
};

/** Where the page that a person sees leads. */
export const SCENE_OF_PAGE: Readonly<Partial<Record<PageSeen, SceneName>>> = {
  'need-admin-approval': 'approval',
  'approval-required': 'approval',
  'request-sent': 'approval',
  'error-code': 'vendor',
};

const OBSERVATIONS: Observation[] = [
  {
    id: 'o1',
    probe: 'mx',
    operation: 'resolve-name',
    target: 'contoso.example',
    started: '2026-11-24T08:14:03.120Z',
    tookMs: 41,
    outcome: { result: 'passed', facts: { records: ['0 contoso-example.mail.protection.outlook.com'] } },
  },
  {
    id: 'o2',
    probe: 'openid-configuration',
    operation: 'http',
    target: 'login.microsoftonline.com',
    started: '2026-11-24T08:14:03.165Z',
    tookMs: 188,
    outcome: { result: 'passed', facts: { tenant: TENANT_ID } },
  },
  {
    id: 'o3',
    probe: 'sign-in-app-scopes',
    operation: 'authorize',
    target: 'login.microsoftonline.com',
    started: '2026-11-24T08:14:21.902Z',
    tookMs: 12_408,
    outcome: {
      result: 'failed',
      failure: {
        kind: 'provider-refused',
        codes: [
          { family: 'oauth', value: 'access_denied' },
          { family: 'aadsts', value: 'AADSTS90094' },
        ],
        status: 302,
        detail: 'The grant requires admin permission.',
        ids: {
          'trace-id': '0f4c6a10-7c1e-4b53-a6a7-9d3b5be61500',
          'correlation-id': 'b2f8c1de-5a0e-4b0e-8a5f-1f2d1c9d7a42',
          timestamp: '2026-11-24 08:14:34Z',
        },
      },
    },
  },
  {
    id: 'o4',
    probe: 'graph-inbox',
    operation: 'http',
    target: 'graph.microsoft.com',
    started: '2026-11-24T08:14:34.500Z',
    tookMs: 0,
    outcome: { result: 'skipped', because: 'dependency-failed' },
  },
];

/** The examination at the end of a scene. */
export function examinationOf(name: SceneName, id: string, address: string, language: Language): Examination {
  const scene = SCENES[name];
  const steps = scene
    .lines(language)
    .filter((line) => line.event === 'step')
    .filter(({ state }) => state !== 'running')
    .map(({ step: of, state, note }) => ({ step: of, state, note }));
  const healthy = name === 'works' || name === 'google';
  return {
    schema: 1,
    id,
    program: '0.1.0',
    catalogue: '2026-11-24',
    started: '2026-11-24T08:14:03.000Z',
    finished: '2026-11-24T08:14:34.600Z',
    address,
    app: { id: 'hubspot', name: 'HubSpot' },
    redaction: 'secrets',
    verdict: scene.verdict,
    findings: scene.findings.map((finding) => example(finding, language)),
    steps,
    language,
    discovery: {
      domain: 'contoso.example',
      decidedBy: null,
      provider: { id: 'microsoft-365', cloud: 'worldwide' },
      confidence: 'certain',
      gateway: null,
      forwarder: null,
      reception: 'mx',
      tenant: { id: TENANT_ID, cloud: 'worldwide', realm: { type: 'managed' }, brand: 'Contoso' },
      autodiscover: { result: 'at-microsoft' },
      evidence: [
        { kind: 'mx', asked: 'contoso.example', answer: '0 contoso-example.mail.protection.outlook.com', pointsTo: 'microsoft-365', weight: 100 },
        { kind: 'spf', asked: 'contoso.example', answer: 'v=spf1 include:spf.protection.outlook.com -all', pointsTo: 'microsoft-365', weight: 30 },
      ],
    },
    account: healthy
      ? { provider: 'microsoft', address, tenant: TENANT_ID, granted: ['Mail.ReadWrite', 'Mail.Send', 'Calendars.ReadWrite', 'User.Read'], missing: [], kept: true }
      : null,
    observations: healthy ? OBSERVATIONS.slice(0, 2) : OBSERVATIONS,
    ...(name === 'unsettled' ? { roads: roads(language) } : {}),
  };
}

/** Where the mail is kept at neither Microsoft nor Google. */
function roads(language: Language): Road[] {
  const words = (en: string, ja: string): string => (language === 'ja' ? ja : en);
  return [
    {
      kind: 'imap',
      standing: 'take',
      title: words('Other mail provider (IMAP)', 'そのほかのメール（IMAP）'),
      values: [
        { name: 'imap-host', label: words('IMAP server', 'IMAP サーバー'), value: 'imap.contoso.example' },
        { name: 'imap-port', label: words('Port', 'ポート'), value: '993' },
        { name: 'imap-security', label: words('Security', '暗号化'), value: 'SSL/TLS' },
        { name: 'user-name', label: words('User name', 'ユーザー名'), value: 'ana@contoso.example' },
      ],
      remarks: [
        {
          id: 'app-password',
          text: words('This host wants a password of its own for each app.', 'このメールでは、アプリごとに専用のパスワードが必要です。'),
          source: 'https://support.google.com/mail/answer/185833',
          verified: false,
        },
      ],
      evidence: ['o1'],
    },
    { kind: 'microsoft', standing: 'closed', title: 'Microsoft 365', values: [], remarks: [], evidence: [] },
  ];
}

export function fixerOf(name: SceneName): Fixer | null {
  const first = SCENES[name].findings[0];
  return first === undefined ? null : example(first, 'en').fixer;
}
