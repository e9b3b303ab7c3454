import type { Gate, PresetKey, ShareLink } from '@offshelf/server/contract/shares';
import { presets } from '@offshelf/server/contract/shares';
import { formatDay, formatList } from '../lib/format.ts';
import { expiresAt, type PolicyForm } from './share-form.ts';

export const presetKeys = Object.keys(presets) as PresetKey[];

interface PresetFields {
  gate: Gate;
  hasWatermark: boolean;
  allowsDownload: boolean;
}

/** Which preset a policy is; one that was made by hand is none. Passcode and expiry go with any of them. */
export function presetOf(policy: PresetFields): PresetKey | undefined {
  return presetKeys.find((key) => {
    const { gate, hasWatermark, allowsDownload } = presets[key].policy;
    return (
      gate === policy.gate && hasWatermark === policy.hasWatermark && allowsDownload === policy.allowsDownload
    );
  });
}

/** The form with this preset chosen; what a preset says nothing of stays as it is. */
export function withPreset<Form extends PolicyForm>(form: Form, key: PresetKey): Form {
  const { policy, expiresInDays } = presets[key];
  const isNamed = policy.gate === 'required' || policy.gate === 'verified';
  return {
    ...form,
    ...policy,
    ...(expiresInDays === 30 && form.expiry === 'never' && { expiry: '30' as const }),
    ...(!isNamed && { allowed: [] }),
  };
}

/** "Opens until 22 Dec 2026, with a passcode, no download." */
export function describeForm(values: PolicyForm, hasFile: boolean): string {
  const end = expiresAt(values, new Date());
  return [
    end ? `Opens until ${formatDay(end)}` : 'Never expires',
    values.passcode.trim() ? 'with a passcode' : 'no passcode',
    ...(hasFile ? [values.allowsDownload ? 'may be downloaded' : 'no download'] : []),
    ...(values.hasWatermark ? ['with a watermark'] : []),
    ...(values.isPinned ? ['this version'] : []),
    ...(values.allowed.length > 0 ? ['for certain addresses'] : []),
    ...(values.maxVisitors.trim() ? [`at most ${values.maxVisitors.trim()} visitors`] : []),
  ].join(', ');
}

const gateWords: Record<Gate, string> = {
  none: 'Whoever has the link reads at once.',
  ask: 'A name is asked for beside the page, and may be skipped.',
  required: 'An e-mail address is asked for first.',
  verified: 'An e-mail address has to be proven with a code first.',
};

type PolicyFacts = Pick<
  ShareLink,
  | 'gate'
  | 'allowedDomains'
  | 'allowedEmails'
  | 'hasWatermark'
  | 'hasPasscode'
  | 'allowsDownload'
  | 'pinnedVersion'
  | 'maxVisitors'
>;

/** What a share link allows, sentence by sentence; the plain case is short. */
export function policySentences(link: PolicyFacts): string[] {
  const allowed = [...link.allowedDomains, ...link.allowedEmails];
  const rules = [
    ...(link.hasPasscode ? ['with a passcode'] : []),
    link.allowsDownload ? 'download allowed' : 'no download',
    ...(link.hasWatermark ? ['a watermark on every page'] : []),
  ];
  return [
    gateWords[link.gate],
    ...(allowed.length > 0 ? [`Only ${formatList(allowed)}.`] : []),
    capital(`${formatList(rules)}.`),
    ...(link.maxVisitors === null
      ? []
      : [
          link.maxVisitors === 1
            ? 'For a single visitor.'
            : `For at most ${link.maxVisitors.toString()} visitors.`,
        ]),
    ...(link.pinnedVersion ? [pinWords(link.pinnedVersion)] : []),
  ];
}

function pinWords({ number, currentNumber }: { number: number; currentNumber: number }): string {
  const stays = `It stays at version ${number.toString()}`;
  return number < currentNumber
    ? `${stays}; version ${currentNumber.toString()} is current.`
    : `${stays}, which is the current one.`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
