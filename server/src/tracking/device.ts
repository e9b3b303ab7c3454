import type { IncomingMessage } from 'node:http';

/** First match wins, so what pretends to be something else stands before it. */
const browsers: [RegExp, string][] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFBA[NV]\b|\bFB_IAB\b/, 'Facebook app'],
  [/\bLinkedInApp\b/, 'LinkedIn app'],
  [/\bInstagram\b/, 'Instagram app'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Headless Chrome'],
  [/\b(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
  [/\bAppleWebKit\b.*\bMobile\b/, 'An app'],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b(?!.*\bMobile\b)/, 'Android tablet'],
  [/\bAndroid\b/, 'Android phone'],
  [/\bWindows NT\b/, 'Windows'],
  [/\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

/** Browser and device in words, such as "Safari on iPhone". */
export function describeDevice(userAgent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (browser && system) return `${browser} on ${system}`;
  if (browser ?? system) return browser ?? `A browser on ${system}`;
  const name = /^[\w.-]+(?: [\w.-]+)*(?=\/| \(|$)/.exec(userAgent.slice(0, 60))?.[0];
  return name && name !== 'Mozilla' ? name : 'Unknown device';
}

/** Nobody needs more than this of a user agent. */
export function userAgentOf({ headers }: IncomingMessage): string {
  return keepable(headers['user-agent'] ?? '').slice(0, 400);
}

/** PostgreSQL keeps no NUL in text. */
export function keepable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
