import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { seal, unseal } from '../http/secrets.ts';
import { type changePreferences, kinds, type Preferences } from './contract.ts';
import { checkSlackUrl } from './outgoing.ts';
import { findPreference, upsertPreference } from './queries.ts';
import type { QuietHours } from './quiet-hours.ts';

const slackPurpose = 'slack-webhook';
const atFirst = { isInApp: true, email: 'at_once', slack: 'off' } as const;

export interface Preference {
  kinds: z.infer<typeof kinds>;
  slackUrlSealed: string | null;
  quiet: QuietHours | null;
  digestHour: number;
  timeZone: string;
  isChosen: boolean;
}

/** What somebody chose, with the defaults until then. */
export async function readPreference(db: Database, userId: string): Promise<Preference> {
  const row = await findPreference(db, userId);
  if (!row)
    return {
      kinds: { reading: atFirst, question: atFirst },
      slackUrlSealed: null,
      quiet: null,
      digestHour: 8,
      timeZone: 'UTC',
      isChosen: false,
    };
  const { slackUrlSealed, quietFrom, quietUntil, digestHour, timeZone } = row;
  return {
    kinds: kinds.parse(row.kinds),
    slackUrlSealed,
    quiet: quietFrom === null || quietUntil === null ? null : { from: quietFrom, until: quietUntil },
    digestHour,
    timeZone,
    isChosen: true,
  };
}

export async function showPreferences({ db, config }: Context, actor: Actor): Promise<Preferences> {
  const { slackUrlSealed, ...preference } = await readPreference(db, actor.userId);
  return {
    ...preference,
    hasMail: config.mail !== null,
    emailAddress: actor.email,
    hasSlack: slackUrlSealed !== null,
  };
}

type Changes = z.output<typeof changePreferences.body>;

/** Without a Slack webhook there is nothing to send to Slack. */
export async function savePreferences(
  db: Database,
  ctx: Context,
  actor: Actor,
  { slackUrl, kinds: chosen, ...changes }: Changes,
): Promise<void> {
  const before = await readPreference(db, actor.userId);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const after: Preference = {
    ...before,
    ...given,
    kinds: kinds.parse({
      reading: { ...before.kinds.reading, ...chosen?.reading },
      question: { ...before.kinds.question, ...chosen?.question },
    }),
  };
  if (slackUrl) checkSlackUrl(ctx.config, slackUrl);
  if (slackUrl !== undefined)
    after.slackUrlSealed = slackUrl === null ? null : seal(ctx.instanceKey, slackPurpose, slackUrl);
  const each = Object.values(after.kinds);
  if (slackUrl === null) for (const choice of each) choice.slack = 'off';
  if (each.some(({ slack }) => slack !== 'off') && after.slackUrlSealed === null) {
    const detail = 'Paste the address of an incoming webhook of Slack first.';
    throw new Problem('invalid_request', detail, [{ pointer: '/body/slackUrl', detail }]);
  }
  const { quiet, isChosen: _, ...row } = after;
  await upsertPreference(db, {
    userId: actor.userId,
    ...row,
    kinds: after.kinds as never,
    quietFrom: quiet?.from ?? null,
    quietUntil: quiet?.until ?? null,
  });
}

/** Undefined without one, and where it was sealed with another instance key. */
export function slackUrlOf({ instanceKey }: Context, { slackUrlSealed }: Preference): string | undefined {
  return slackUrlSealed === null ? undefined : unseal(instanceKey, slackPurpose, slackUrlSealed);
}
