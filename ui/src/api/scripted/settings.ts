/** Settings, registrations, browsers and previews as the scripted program answers them. */
import type {
  HostError,
  InstalledBrowser,
  Origin,
  RegistrationFact,
  RegistrationRequest,
  RegistrationTest,
  RegistrationVerdict,
  Setting,
  SettingRow,
  SettingValue,
  SettingsInForce,
  SettingsState,
} from '../host';

/** Keys that have no value in `SettingsInForce`. */
const FURTHER: readonly string[] = ['googleClientSecret', 'endpoints', 'appFiles'];

/** Values of the settings that have a few only. */
const CHOICES: Readonly<Record<string, string[]>> = {
  language: ['en', 'ja'],
  theme: ['system', 'light', 'dark', 'high-contrast'],
  redaction: ['secrets', 'names', 'everything'],
};

/** Settings that change while the window is open. `changed` holds what the person set. */
export function settingsState(base: SettingsInForce, changed: ReadonlyMap<string, SettingValue>, damaged: boolean): SettingsState {
  const rows = [...Object.entries(base as unknown as Record<string, Setting<SettingValue>>), ...FURTHER.map((key): [string, Setting<SettingValue>] => [key, { value: null, origin: 'built-in' }])].map(
    ([key, { value, origin }]): SettingRow => {
      const own = changed.get(key) ?? (origin === 'user' && !changed.has(key) ? value : null);
      const locked = origin === 'mandatory-policy';
      const mask = (shown: SettingValue): SettingValue => (key === 'googleClientSecret' && shown !== null ? '***' : shown);
      const inForce: [SettingValue, Origin] = locked ? [value, origin] : own !== null ? [own, 'user'] : origin === 'user' ? [null, 'built-in'] : [value, origin];
      const kind = typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'integer' : (CHOICES[key] ?? []).length > 0 ? 'choice' : 'text';
      return {
        key,
        group: 'program',
        title: key,
        text: '',
        kind,
        choices: CHOICES[key] ?? [],
        value: mask(inForce[0]),
        userValue: mask(own),
        origin: inForce[1],
        place: null,
        locked,
        changeable: !locked && key !== 'endpoints',
        problems: [],
      };
    },
  );
  const file = '/home/ana/.config/inbox-doctor/settings.json';
  return {
    rows,
    problems: damaged ? [{ file, key: null, reason: 'it is no JSON: EOF while parsing a string at line 1 column 9' }, { file: '/etc/inbox-doctor/policies/managed/10.json', key: 'signInSeconds', reason: 'it must be from 10 to 3600' }] : [],
    file,
    replaced: false,
    keptAside: null,
  };
}

/** What the real program refuses: a locked key, a value outside its limits. */
export function refusalOf(state: SettingsState, key: string, value: SettingValue): HostError | null {
  const row = state.rows.find((known) => known.key === key);
  if (row === undefined) return { code: 'settings', detail: `${key}: there is no such setting` };
  if (row.locked) return { code: 'policy', detail: key };
  if (key === 'signInSeconds' && value !== null && (typeof value !== 'number' || value < 10 || value > 3600)) return { code: 'settings', detail: `${key}: it must be from 10 to 3600` };
  if (key === 'proxy' && typeof value === 'string' && !/^[a-z0-9]+:\/\//.test(value)) return { code: 'settings', detail: `${key}: it must be an address like http://proxy.example:8080` };
  return null;
}

/** The client id tells the verdict: `0…` is accepted, else its first digit's place in this list. */
const VERDICTS: readonly RegistrationVerdict[] = ['accepted', 'unknown-client', 'redirect-missing', 'not-public', 'unknown-tenant', 'inconclusive', 'wrong-secret', 'not-refused'];

export function registrationTest({ provider, clientId, tenant }: RegistrationRequest): RegistrationTest {
  const wellFormed = provider === 'google' ? clientId.endsWith('.apps.googleusercontent.com') : /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(clientId);
  const verdict = wellFormed ? (VERDICTS[Number(clientId[0])] ?? 'accepted') : 'malformed';
  const code = { 'unknown-client': 'AADSTS700016', 'redirect-missing': 'AADSTS50011', 'not-public': 'AADSTS7000218', 'unknown-tenant': 'AADSTS90002', 'wrong-secret': 'invalid_client' }[verdict as string] ?? null;
  const url =
    provider === 'google' ? 'https://oauth2.googleapis.com/token' : `https://login.microsoftonline.com/${tenant ?? 'organizations'}/oauth2/v2.0/authorize?client_id=${clientId}&prompt=none`;
  const facts: RegistrationFact[] = verdict === 'malformed' ? [] : [{ asked: provider === 'google' ? 'token' : 'authorize', url, status: verdict === 'inconclusive' ? null : code === null ? 302 : 400, code: code ?? (verdict === 'inconclusive' ? null : 'login_required'), detail: verdict === 'inconclusive' ? 'timed out after 10 s' : '' }];
  return { verdict, facts, unproven: provider === 'google' ? ['permissions', 'consent', 'redirect'] : ['permissions', 'consent', 'assignment'] };
}

export const BROWSERS: readonly InstalledBrowser[] = [
  { id: 'firefox-esr.desktop', name: 'Firefox ESR' },
  { id: 'chromium.desktop', name: 'Chromium' },
];
