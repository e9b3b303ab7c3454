import { domainToASCII } from 'node:url';
import type { Context } from '../context.ts';
import { Problem } from '../http/problem.ts';
import type { Gate } from './contract.ts';

/** A policy as it is asked for or as it is to become. */
export interface Policy {
  gate: Gate;
  allowedDomains: string[];
  allowedEmails: string[];
  startsAt: Date | null;
  expiresAt: Date | null;
}

/** Refuses what contradicts itself or what this instance can't keep; what has not changed is not asked again. */
export function refusePolicy(
  { config, clock }: Context,
  policy: Policy,
  isChanged: (field: keyof Policy) => boolean = () => true,
): void {
  const { gate, allowedDomains, allowedEmails, startsAt, expiresAt } = policy;
  if (expiresAt && expiresAt <= clock() && isChanged('expiresAt'))
    refuse('expiresAt', 'This moment has passed. Choose a later one, or none.');
  if (startsAt && expiresAt && expiresAt <= startsAt)
    refuse(
      isChanged('expiresAt') ? 'expiresAt' : 'startsAt',
      'It would expire before it opens. Choose a later end or an earlier start.',
    );
  const hasList = allowedDomains.length > 0 || allowedEmails.length > 0;
  if (hasList && gate !== 'required' && gate !== 'verified')
    refuse(
      'gate',
      'Only those who give their e-mail can be told apart by it. Require the e-mail, or take the allowed domains and addresses out.',
    );
  if (gate === 'verified' && !config.mail && isChanged('gate'))
    refuse(
      'gate',
      'Codes travel by e-mail, and this instance has no mail server. Require the e-mail without a code, or ask an admin to set SMTP_URL.',
    );
}

function refuse(field: string, detail: string): never {
  throw new Problem('invalid_request', detail, [{ pointer: `/body/${field}`, detail }]);
}

/** Whether this address may read, under a policy that names who may. `Müller.example` is the same as its ASCII form. */
export function admitsEmail(
  { allowedDomains, allowedEmails }: Pick<Policy, 'allowedDomains' | 'allowedEmails'>,
  email: string,
): boolean {
  if (allowedDomains.length === 0 && allowedEmails.length === 0) return true;
  const [local, domain] = splitAddress(email);
  if (local === '' || domain === '') return false;
  return (
    allowedDomains.some((allowed) => asciiDomain(allowed) === domain) ||
    allowedEmails.some((allowed) => splitAddress(allowed).join('@') === `${local}@${domain}`)
  );
}

function splitAddress(email: string): [string, string] {
  const address = email.trim().normalize('NFC').toLowerCase();
  const at = address.lastIndexOf('@');
  return [address.slice(0, Math.max(0, at)), asciiDomain(address.slice(at + 1))];
}

/** Empty for what is no domain. */
function asciiDomain(domain: string): string {
  return domainToASCII(domain.trim().normalize('NFC').toLowerCase());
}
