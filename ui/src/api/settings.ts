/** Settings, own registrations and browsers, as they travel between window and program. */
import type * as model from './bindings/model';

/** A value of a settings file. */
export type SettingValue = string | number | boolean | null | SettingValue[] | { [key: string]: SettingValue };

/** One setting as it stands, with its words in the asked language. */
export type SettingRow = Omit<model.SettingRow, 'value'> & {
  /** In force, the default included; `null` when nothing sets it. Secrets come as `***`. */
  value: SettingValue;
  /** What the user's own file says, also where a policy wins; `null` when it says nothing. Secrets come as `***`. */
  userValue: SettingValue;
};

/** Something in a settings file that was ignored. */
export interface SettingsProblem {
  file: string;
  /** The key, where one value is at fault; `null`: the whole file. */
  key: string | null;
  /** What is wrong with it, for technicians. */
  reason: string;
}

/** All settings as they stand. */
export interface SettingsState {
  /** Every key that there is, in the order of the settings' own description. */
  rows: SettingRow[];
  /** What was ignored; nothing of it is lost: the files stay as they are. */
  problems: SettingsProblem[];
  /** Where the user's own settings are kept; `null` when this computer has no place for them. */
  file: string | null;
  /** The program was started with a settings file of its own (`--settings`): nothing can be changed here. */
  replaced: boolean;
  /** Where a settings file went that could not be read, when this change began a new one. */
  keptAside: string | null;
}

/** An own OAuth registration that is to be tried. */
export interface RegistrationRequest {
  provider: 'microsoft' | 'google';
  clientId: string;
  /** Google only; `null` takes the one of the settings. */
  clientSecret: string | null;
  /** Microsoft only: a GUID or a domain; `null`: any organisation. */
  tenant: string | null;
}

/** What the provider let us know without a sign-in. */
export type RegistrationVerdict =
  /** The provider knows the client id, and what was tried with it fits (Microsoft: the redirect address; Google: the secret). */
  | 'accepted'
  /** The provider did not object to the client id; more it does not tell without a sign-in. */
  | 'not-refused'
  /** No registration has this client id (in this tenant). */
  | 'unknown-client'
  /** There is no such tenant. */
  | 'unknown-tenant'
  /** The registration lacks the redirect address `http://localhost`. */
  | 'redirect-missing'
  /** The registration is one for a web server, not for a desktop program: it demands a secret. */
  | 'not-public'
  /** The client secret does not belong to the client id. */
  | 'wrong-secret'
  /** The client id or tenant is not written like one; nothing was asked. */
  | 'malformed'
  /** The provider could not be reached, or answered with something that is not documented. */
  | 'inconclusive';

/** One question to the provider and its answer. */
export interface RegistrationFact {
  /** `tenant`, `authorize`, `token`. */
  asked: string;
  /** The address that was asked, without secrets. */
  url: string;
  /** HTTP status; `null` when there was no answer. */
  status: number | null;
  /** The provider's code (`AADSTS700016`, `invalid_client`), where it gave one. */
  code: string | null;
  /** Its words or the failure, scrubbed, for technicians. */
  detail: string;
}

/** What became of the try. */
export interface RegistrationTest {
  verdict: RegistrationVerdict;
  facts: RegistrationFact[];
  /** What this does not prove: `permissions`, `consent`, `assignment`, `redirect`, `secret` … */
  unproven: string[];
}

/** A browser that is installed on this computer. */
export interface InstalledBrowser {
  /** For `chooseBrowser`. */
  id: string;
  /** As it calls itself. */
  name: string;
}

/** A report as it would be saved. */
export interface ReportPreview {
  text: string;
  /** How far it is masked: at least as far as the organisation's policy says. */
  redaction: model.RedactionLevel;
}
