// Written by the test `bindings` of the crate `inbox-model`. Do not edit:
// UPDATE_BINDINGS=1 cargo test -p inbox-model --test bindings

export type Account = {
/**
 * `microsoft` or `google`.
 */
provider: string,
/**
 * The address that the provider gives.
 */
address: string,
/**
 * Tenant id at Microsoft.
 */
tenant: string | null,
/**
 * Scopes that were granted.
 */
granted: Array<string>,
/**
 * Scopes that were asked for and not granted.
 */
missing: Array<string>,
/**
 * Whether the sign-in is kept in the computer's password store.
 */
kept: boolean, };

export type AddressError = "empty" | "no-at" | "no-local-part" | "no-domain" | "bad-character" | "bad-domain" | "too-long";

export type AppReference = {
/**
 * Short name.
 */
id: string,
/**
 * Name as people know it.
 */
name: string, };

export type Autodiscover = { "result": "not-checked" } | { "result": "at-microsoft" } | { "result": "elsewhere",
/**
 * The other host.
 */
host: string, } | { "result": "not-found" } | { "result": "failed" };

export type Cause = "consent-admin-required" | "consent-pending" | "consent-user-needed" | "consent-declined" | "user-not-assigned" | "interaction-required" | "mfa-required" | "mfa-setup-required" | "conditional-access-blocked" | "device-not-compliant" | "app-protection-required" | "risk-blocked" | "account-locked" | "account-disabled" | "account-not-found" | "wrong-password" | "password-expired" | "sign-in-cancelled" | "wrong-account-type" | "wrong-organisation" | "tenant-not-found" | "tenant-restricted" | "app-not-in-tenant" | "app-disabled" | "app-misconfigured" | "app-unverified" | "app-blocked-by-admin" | "advanced-protection" | "licence-missing" | "token-expired" | "token-revoked" | "token-invalid" | "federation-failed" | "mailbox-missing" | "mailbox-not-in-cloud" | "mailbox-moving" | "mailbox-full" | "send-refused" | "primary-alias-foreign" | "permission-missing" | "access-denied" | "sending-limit" | "app-access-policy" | "calendar-missing" | "service-off" | "api-off" | "basic-auth-off" | "app-password-needed" | "imap-off" | "smtp-auth-off" | "ews-off" | "login-rejected" | "item-not-found" | "throttled" | "provider-outage" | "network-dns" | "network-unreachable" | "network-proxy" | "network-tls" | "network-captive-portal" | "clock-wrong" | "browser-blocked" | "loopback-blocked" | "keychain-unavailable" | "provider-mismatch" | "unknown";

export type CheckEvent = { "event": "step",
/**
 * Which.
 */
step: Step,
/**
 * How it stands now.
 */
state: StepState,
/**
 * What was found, in a few words of the asked language (a provider's name, an organisation's name).
 */
note: string | null, } | { "event": "waiting-for-browser",
/**
 * Which stage.
 */
stage: Stage,
/**
 * `microsoft` or `google`.
 */
provider: string,
/**
 * The address that the browser opens, for "copy the address" and "open again".
 */
url: string,
/**
 * How long the check waits at most, in seconds.
 */
seconds: number,
/**
 * Whether the browser could be started.
 */
opened: boolean, } | { "event": "browser-done",
/**
 * Which stage.
 */
stage: Stage, } | { "event": "slow",
/**
 * Which step.
 */
step: Step,
/**
 * Host that does not answer.
 */
target: string, };

export type CheckReply = { "reply": "saw",
/**
 * The page.
 */
page: PageSeen,
/**
 * Words or a code that the page shows, where the page is an error page.
 */
text: string | null, } | { "reply": "pasted-address",
/**
 * As pasted.
 */
address: string, } | { "reply": "open-again" } | { "reply": "skip-sign-in" };

export type Cloud = "worldwide" | "us-government" | "us-defense" | "china";

export type CodeFamily = "aadsts" | "oauth" | "suberror" | "graph" | "google" | "imap" | "smtp" | "ews" | "vendor" | "network";

export type Confidence = "possible" | "likely" | "certain";

export type Discovery = {
/**
 * The domain that was asked.
 */
domain: Domain,
/**
 * The domain whose records decided, when the asked one has none of its own (a sub-domain that inherits).
 */
decidedBy: Domain | null,
/**
 * Who keeps the mailbox.
 */
provider: Provider,
/**
 * How sure that is.
 */
confidence: Confidence,
/**
 * A filter in front of the mailbox: mail passes it, the mailbox is elsewhere.
 */
gateway: NamedService | null,
/**
 * A service that forwards the mail to some other place.
 */
forwarder: NamedService | null,
/**
 * Whether the domain receives mail at all.
 */
reception: MailReception,
/**
 * The organisation at Microsoft, where there is one (also where the mail is kept elsewhere).
 */
tenant: Tenant | null,
/**
 * What Microsoft's Autodiscover said.
 */
autodiscover: Autodiscover,
/**
 * Every record and answer that counted, heaviest first.
 */
evidence: Array<Evidence>, };

export type Domain = string;

export type EmailAddress = string;

export type Endpoints = {
/**
 * Microsoft's.
 */
microsoft: MicrosoftEndpoints,
/**
 * Google's.
 */
google: GoogleEndpoints,
/**
 * Mail servers (`host:port`) inside the private network: only these may have an address there.
 */
mailServers: Array<string>,
/**
 * In place of Thunderbird's central database of mail servers, `https://autoconfig.thunderbird.net/v1.1`.
 */
mailDatabase: string | null, };

export type Evidence = {
/**
 * What kind of record or answer.
 */
kind: EvidenceKind,
/**
 * The name or address that was asked.
 */
asked: string,
/**
 * The answer, shortened; or why there is none.
 */
answer: string,
/**
 * What it speaks for (a host's short name), when it speaks for anything.
 */
pointsTo: string | null,
/**
 * How much it counts, 0 to 100.
 */
weight: number, };

export type EvidenceKind = "mx" | "spf" | "dkim" | "autodiscover-cname" | "autodiscover-srv" | "txt-token" | "address" | "openid-configuration" | "realm-lookup" | "autodiscover-json" | "well-known-domain";

export type Examination = {
/**
 * Version of this document: [`crate::SCHEMA`].
 */
schema: number,
/**
 * Random id of the run.
 */
id: string,
/**
 * The program's version.
 */
program: string,
/**
 * The day of the catalogue that judged (`YYYY-MM-DD`).
 */
catalogue: string,
/**
 * Begin, RFC 3339 in UTC.
 */
started: string,
/**
 * End.
 */
finished: string,
/**
 * The address that was asked; masked where `redaction` says so.
 */
address: string,
/**
 * The target app.
 */
app: AppReference,
/**
 * What is masked in this copy.
 */
redaction: RedactionLevel,
/**
 * Over everything.
 */
verdict: Verdict,
/**
 * In the order of action, in words.
 */
findings: Array<ExplainedFinding>,
/**
 * Left out, and why.
 */
suppressed?: Array<Suppressed>,
/**
 * The roads for the target app, the one to take first, with values to copy. Empty where nothing is known of the host.
 */
roads?: Array<Road>,
/**
 * How each step ended.
 */
steps: Array<StepSummary>,
/**
 * Language of the words.
 */
language: Language,
/**
 * What was found without sign-in.
 */
discovery: Discovery | null,
/**
 * Who signed in, as the provider says.
 */
account: Account | null,
/**
 * Everything that was tried.
 */
observations: Array<Observation>, };

export type ExplainedFinding = {
/**
 * The cause.
 */
cause: Cause,
/**
 * Who can mend it here. Usually the cause's own fixer.
 */
fixer: Fixer,
/**
 * How sure it is.
 */
confidence: Confidence,
/**
 * How much it matters.
 */
severity: Severity,
/**
 * Codes as they stand in the text or answer (`AADSTS50105`).
 */
codes: Array<string>,
/**
 * Ids of the observations that led here.
 */
evidence?: Array<string>,
/**
 * Where in the examined text the words stand that led here.
 */
places?: Array<Place>,
/**
 * A narrower case of the cause that has words of its own (`no-licence`, `guest`, `aadsts-50055`).
 */
variant?: string | null,
/**
 * Values for the explanation's texts.
 */
parameters?: { [key in string]: string },
/**
 * Ids of the rules that decided.
 */
rules?: Array<string>,
/**
 * Language of the words.
 */
language: Language,
/**
 * Headline: one sentence, no code in it.
 */
title: string,
/**
 * What happened.
 */
whatHappened: string,
/**
 * Why it happens.
 */
why: string,
/**
 * Who can mend it and how long it takes, as one sentence.
 */
who: string,
/**
 * What the person can do now.
 */
youCanDo: Array<StepText>,
/**
 * What the fixer (admin, vendor, network person) does, step by step. Empty when the fixer is the person.
 */
fixerSteps: Array<StepText>,
/**
 * How to tell that it worked.
 */
howToTell: string,
/**
 * All links, the most useful first.
 */
links: Array<Link>,
/**
 * The message to send to whoever can mend it.
 */
message: Message | null,
/**
 * Statements that are true only for a time, already chosen for today.
 */
dated?: Array<string>, };

export type Explanation = {
/**
 * Language of the words.
 */
language: Language,
/**
 * Headline: one sentence, no code in it.
 */
title: string,
/**
 * What happened.
 */
whatHappened: string,
/**
 * Why it happens.
 */
why: string,
/**
 * Who can mend it and how long it takes, as one sentence.
 */
who: string,
/**
 * What the person can do now.
 */
youCanDo: Array<StepText>,
/**
 * What the fixer (admin, vendor, network person) does, step by step. Empty when the fixer is the person.
 */
fixerSteps: Array<StepText>,
/**
 * How to tell that it worked.
 */
howToTell: string,
/**
 * All links, the most useful first.
 */
links: Array<Link>,
/**
 * The message to send to whoever can mend it.
 */
message: Message | null,
/**
 * Statements that are true only for a time, already chosen for today.
 */
dated?: Array<string>, };

export type Failure = {
/**
 * Kind, from the closed list.
 */
kind: FailureKind,
/**
 * Codes as the provider gave them, outermost first.
 */
codes?: Array<ProviderCode>,
/**
 * HTTP status, where there was one.
 */
status?: number | null,
/**
 * The provider's own words, scrubbed of secrets and shortened.
 */
detail: string,
/**
 * How long the provider asked to wait, in seconds.
 */
retryAfter?: number | null,
/**
 * Request, trace and correlation ids and times that support needs, by name.
 */
ids?: { [key in string]: string }, };

export type FailureKind = "dns-not-found" | "dns-server-failed" | "dns-timeout" | "dns-unusable" | "connect-refused" | "connect-timeout" | "connect-unreachable" | "connection-reset" | "proxy-authentication" | "proxy-refused" | "tls-untrusted" | "tls-expired" | "tls-not-yet-valid" | "tls-wrong-host" | "tls-protocol" | "too-slow" | "http-status" | "provider-refused" | "throttled" | "provider-unavailable" | "redirect-refused" | "body-too-large" | "body-malformed" | "body-incomplete" | "wrong-content-type" | "captive-portal" | "private-address-refused" | "identity-mismatch" | "id-token-invalid" | "scopes-missing" | "state-mismatch" | "browser-not-opened" | "browser-did-not-return" | "person-reported" | "loopback-unavailable" | "keychain-missing" | "keychain-locked" | "keychain-failed" | "clock-skew" | "account-condition" | "cancelled";

export type Finding = {
/**
 * The cause.
 */
cause: Cause,
/**
 * Who can mend it here. Usually the cause's own fixer.
 */
fixer: Fixer,
/**
 * How sure it is.
 */
confidence: Confidence,
/**
 * How much it matters.
 */
severity: Severity,
/**
 * Codes as they stand in the text or answer (`AADSTS50105`).
 */
codes: Array<string>,
/**
 * Ids of the observations that led here.
 */
evidence?: Array<string>,
/**
 * Where in the examined text the words stand that led here.
 */
places?: Array<Place>,
/**
 * A narrower case of the cause that has words of its own (`no-licence`, `guest`, `aadsts-50055`).
 */
variant?: string | null,
/**
 * Values for the explanation's texts.
 */
parameters?: { [key in string]: string },
/**
 * Ids of the rules that decided.
 */
rules?: Array<string>, };

export type Fixer = "you" | "admin" | "vendor" | "wait" | "network" | "-";

export type GoogleEndpoints = {
/**
 * Base in place of `https://accounts.google.com` (authorize at `/o/oauth2/v2/auth`, issuer, OpenID configuration).
 */
accounts: string | null,
/**
 * Base in place of `https://oauth2.googleapis.com` (`/token`, `/revoke`).
 */
oauth2: string | null,
/**
 * Base in place of `https://openidconnect.googleapis.com` (`/v1/userinfo`).
 */
openid: string | null,
/**
 * Base in place of `https://gmail.googleapis.com`.
 */
gmail: string | null,
/**
 * Base in place of `https://www.googleapis.com` (`/calendar/v3`, `/oauth2/v3/certs`).
 */
apis: string | null,
/**
 * In place of `imap.gmail.com:993` (IMAP).
 */
imap: string | null,
/**
 * In place of `smtp.gmail.com:465` (SMTP submission, TLS from the start).
 */
smtp: string | null, };

export type Language = "en" | "ja";

export type Link = {
/**
 * What it is for: `admin-consent`, `admin-consent-full`, `admin-centre`, `provider-code`, `vendor-article`, `guide`.
 */
kind: string,
/**
 * Words to show.
 */
label: string,
/**
 * The address; https only.
 */
url: string, };

export type LogLevel = "off" | "error" | "warn" | "info" | "debug" | "trace";

export type MailReception = "mx" | "address-only" | "null-mx" | "nothing" | "no-such-domain" | "not-checked";

export type Message = {
/**
 * Language of the message.
 */
language: Language,
/**
 * Recipient, where known (policy's helpdesk address).
 */
to?: string | null,
/**
 * Subject line.
 */
subject: string,
/**
 * Plain text body.
 */
body: string, };

export type MicrosoftEndpoints = {
/**
 * In place of `https://login.microsoftonline.com`.
 */
login: string | null,
/**
 * In place of `https://graph.microsoft.com`.
 */
graph: string | null,
/**
 * In place of `https://outlook.office365.com` (Autodiscover).
 */
autodiscover: string | null,
/**
 * In place of `outlook.office365.com:993` (IMAP).
 */
imap: string | null,
/**
 * In place of `smtp.office365.com:587` (SMTP submission, STARTTLS).
 */
smtp: string | null, };

export type NamedService = {
/**
 * Short name in the MX table.
 */
host: string,
/**
 * Name as people know it.
 */
name: string,
/**
 * The record that showed it.
 */
record: string, };

export type Observation = {
/**
 * Unique inside one examination (`o1`, `o2` …).
 */
id: string,
/**
 * Which probe it belongs to, kebab-case (`graph-inbox`, `sign-in-identity`).
 */
probe: string,
/**
 * What was done.
 */
operation: Operation,
/**
 * Host, address or name that it was done to; without secrets.
 */
target: string,
/**
 * When it began, RFC 3339 in UTC.
 */
started: string,
/**
 * How long it took, in milliseconds.
 */
tookMs: number,
/**
 * What came of it.
 */
outcome: Outcome,
/**
 * The lines of a dialogue with a mail server, word for word but for secrets: `C: ` before ours, `S: ` before the server's.
 */
said?: Array<string>, };

export type Operation = "resolve-name" | "connect" | "proxy" | "handshake-tls" | "http" | "imap-command" | "smtp-command" | "pop-command" | "authorize" | "exchange-code" | "refresh" | "keychain" | "loopback" | "clock";

export type Origin = "built-in" | "recommended-policy" | "user" | "mandatory-policy";

export type Outcome = { "result": "passed",
/**
 * What was read.
 */
facts: Record<string, unknown>, } | { "result": "failed",
/**
 * How it failed.
 */
failure: Failure, } | { "result": "skipped",
/**
 * Why not.
 */
because: SkipReason, };

export type PageSeen = "permission-list" | "need-admin-approval" | "approval-required" | "request-sent" | "app-not-verified" | "blocked-by-administrator" | "advanced-protection" | "error-code" | "wrong-account" | "nothing-opened" | "something-else";

export type Place = {
/**
 * First character, counted in UTF-16 code units from 0 (as a web view counts).
 */
start: number,
/**
 * One past the last character.
 */
end: number,
/**
 * Line, from 1.
 */
line: number,
/**
 * The words themselves, redacted.
 */
words: string, };

export type Provider = { "id": "microsoft-365",
/**
 * The national or worldwide cloud.
 */
cloud: Cloud, } | { "id": "outlook-com" } | { "id": "google-workspace" } | { "id": "gmail" } | { "id": "other",
/**
 * Short name of the host in the MX table.
 */
host: string,
/**
 * The host's name as people know it.
 */
name: string, } | { "id": "none" } | { "id": "unknown" };

export type ProviderCode = {
/**
 * Where codes of this form come from.
 */
family: CodeFamily,
/**
 * As given (`AADSTS50105`, `MailboxNotEnabledForRESTAPI`, `invalid_grant`).
 */
value: string, };

export type Realm = { "type": "managed" } | { "type": "federated",
/**
 * The host of that server.
 */
host: string | null, } | { "type": "unknown" } | { "type": "not-checked" };

export type RedactionLevel = "secrets" | "names" | "everything";

export type Road = {
/**
 * Which.
 */
kind: RoadKind,
/**
 * Whether it should be taken.
 */
standing: RoadStanding,
/**
 * What to choose in the target app, in words.
 */
title: string,
/**
 * What to enter there, in the order of the usual form.
 */
values: Array<RoadValue>,
/**
 * What is true of this host today.
 */
remarks: Array<RoadRemark>,
/**
 * Ids of the observations that it rests on.
 */
evidence: Array<string>, };

export type RoadKind = "microsoft" | "google" | "exchange" | "imap" | "caldav";

export type RoadRemark = {
/**
 * Stable name.
 */
id: string,
/**
 * In words.
 */
text: string,
/**
 * Where it is documented.
 */
source: string,
/**
 * Whether somebody has read it there; else it is common knowledge that nobody has looked up.
 */
verified: boolean, };

export type RoadStanding = "take" | "possible" | "not-checked" | "closed";

export type RoadValue = {
/**
 * Stable name: `imap-host`, `imap-port`, `imap-security`, `smtp-host`, `smtp-port`, `smtp-security`, `user-name`,
 * `ews-url`, `caldav-url`.
 */
name: string,
/**
 * Words before it.
 */
label: string,
/**
 * The value itself.
 */
value: string, };

export type Setting<T> = {
/**
 * The value in force.
 */
value: T,
/**
 * Where it came from.
 */
origin: Origin, };

export type SettingRow = {
/**
 * Key, as in settings files.
 */
key: string,
/**
 * Which part it belongs to: `registration`, `endpoints`, `allowed`, `kept`, `helpdesk`, `network`, `program`, `handover`.
 */
group: string,
/**
 * Short name in the language that was asked for.
 */
title: string,
/**
 * Explanation in that language.
 */
text: string,
/**
 * `text`, `bool`, `integer`, `choice`, `email`, `url`, `socket`, `path` or `list`.
 */
kind: string,
/**
 * Values to choose from, where the kind is `choice`, or a list of such.
 */
choices: Array<string>,
/**
 * The value in force, the default included; `null` where nothing is set. Secrets are masked.
 */
value: unknown,
/**
 * Where it came from.
 */
origin: Origin,
/**
 * The file, or the place of the policy, that it came from; `None` for built-in ones.
 */
place: string | null,
/**
 * Set by the organisation so that nobody can change it.
 */
locked: boolean,
/**
 * May be changed in the window now: meant for it, and not locked.
 */
changeable: boolean,
/**
 * What was wrong with values for this key that were ignored.
 */
problems: Array<string>, };

export type Settings = {
/**
 * OAuth client id of a Microsoft "mobile and desktop" registration.
 */
microsoftClientId: string | null,
/**
 * Tenant to sign in to, in place of `organizations`/`common`: a GUID or a domain.
 */
microsoftTenant: string | null,
/**
 * Cloud that is asked first.
 */
microsoftCloud: Cloud | null,
/**
 * OAuth client id of a Google "desktop app" registration.
 */
googleClientId: string | null,
/**
 * The matching client secret. Google calls it so; for a desktop app it is not confidential.
 */
googleClientSecret: string | null,
/**
 * Addresses of the providers, for other clouds and for the practice cloud.
 */
endpoints: Endpoints | null,
/**
 * Providers at which the program may sign in; all for `None`.
 */
allowedProviders: Array<SignInProvider> | null,
/**
 * Short names of the target apps that may be chosen; all for `None`.
 */
allowedApps: Array<string> | null,
/**
 * Short name of the target app to start with.
 */
app: string | null,
/**
 * Further target-app files (paths to TOML files).
 */
appFiles: Array<string>,
/**
 * Language of the words.
 */
language: Language | null,
/**
 * Look of the window.
 */
theme: Theme | null,
/**
 * Keep sign-ins in the computer's password store.
 */
keepSignIn: boolean | null,
/**
 * Keep past checks on this computer.
 */
keepHistory: boolean | null,
/**
 * What saved reports mask.
 */
redaction: RedactionLevel | null,
/**
 * Folder where reports are saved when only a file name is given.
 */
reportFolder: string | null,
/**
 * Picture at the head of reports (a path).
 */
reportLogo: string | null,
/**
 * Whether the write test may be asked for.
 */
allowWriteTest: boolean | null,
/**
 * Whether the administrator's check may be run.
 */
allowAdminCheck: boolean | null,
/**
 * How the helpdesk is called.
 */
helpdeskName: string | null,
/**
 * Where messages to IT go.
 */
helpdeskAddress: string | null,
/**
 * Web page of the helpdesk.
 */
helpdeskUrl: string | null,
/**
 * Language in which messages to IT are written first.
 */
helpdeskLanguage: Language | null,
/**
 * Paragraph at the end of messages to IT.
 */
messageAddition: string | null,
/**
 * The same for messages in Japanese.
 */
messageAdditionJa: string | null,
/**
 * DNS server (`address:port`) in place of the system's.
 */
dnsServer: string | null,
/**
 * Address of a DNS over HTTPS server that is asked for a second opinion when the network is tested.
 */
dnsOverHttps: string | null,
/**
 * Address over plain HTTP at which a sign-in page of the network is found.
 */
portalProbe: string | null,
/**
 * Proxy address in place of the system's.
 */
proxy: string | null,
/**
 * Whether Thunderbird's central database may be asked for the mail servers of a domain. Off unless it is set: it belongs to
 * neither the person's provider nor ours.
 */
mailDatabase: boolean | null,
/**
 * Root certificates (paths of PEM files) that are trusted beside the system's.
 */
trustedRootFiles: Array<string>,
/**
 * How long a sign-in waits for the browser, in seconds (10 to 3600).
 */
signInSeconds: number | null,
/**
 * How much the program logs about its own work.
 */
logLevel: LogLevel | null,
/**
 * Ask for updates; always off in this version.
 */
updateCheck: boolean | null,
/**
 * OpenTelemetry collector that gets results.
 */
handoverCollector: string | null,
/**
 * Bearer token for it.
 */
handoverToken: string | null,
/**
 * Folder into which results are put.
 */
handoverFolder: string | null,
/**
 * What is masked in results that are handed over.
 */
handoverRedaction: RedactionLevel | null, };

export type Severity = "note" | "limits" | "blocks";

export type SignInProvider = "microsoft" | "google" | "other";

export type SkipReason = "dependency-failed" | "no-sign-in" | "no-client-registered" | "not-applicable" | "not-requested" | "out-of-time" | "cancelled" | "policy";

export type Stage = "identity" | "app-scopes";

export type Step = "address" | "mail-host" | "organisation" | "sign-in" | "mailbox" | "calendar" | "permissions";

export type StepState = "waiting" | "running" | "fine" | "problem" | "not-checked";

export type StepSummary = {
/**
 * Which.
 */
step: Step,
/**
 * How.
 */
state: StepState,
/**
 * In a few words of the asked language.
 */
note: string | null, };

export type StepText = {
/**
 * What to do.
 */
text: string,
/**
 * Where to do it.
 */
link?: Link | null, };

export type Suppressed = {
/**
 * The cause that was left out.
 */
cause: Cause,
/**
 * The cause that explains it.
 */
becauseOf: Cause,
/**
 * Observations behind it.
 */
evidence: Array<string>, };

export type Tenant = {
/**
 * Tenant id (GUID).
 */
id: string,
/**
 * The cloud that answered.
 */
cloud: Cloud,
/**
 * Who checks the password.
 */
realm: Realm,
/**
 * The organisation's name as its sign-in page shows it.
 */
brand: string | null, };

export type Theme = "system" | "light" | "dark" | "high-contrast";

export type Verdict = "works" | "limited" | "blocked" | "inconclusive";
