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
mailServers: Array<string>, };

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
apis: string | null, };

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
autodiscover: string | null, };

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
outcome: Outcome, };

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

export type Setting<T> = {
/**
 * The value in force.
 */
value: T,
/**
 * Where it came from.
 */
origin: Origin, };

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
 * Whether the write test may be asked for.
 */
allowWriteTest: boolean | null,
/**
 * Where messages to IT go.
 */
helpdeskAddress: string | null,
/**
 * DNS server (`address:port`) in place of the system's.
 */
dnsServer: string | null,
/**
 * Proxy address in place of the system's.
 */
proxy: string | null,
/**
 * How long a sign-in waits for the browser, in seconds (10 to 3600).
 */
signInSeconds: number | null, };

export type Severity = "note" | "limits" | "blocks";

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

export type Verdict = "works" | "limited" | "blocked" | "inconclusive";
