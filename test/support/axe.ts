import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { desk, phone } from './browser.ts';

type RunOptions = Parameters<AxeBuilder['options']>[0];

const sizes = [desk, phone];
/** Without selectors and the nodes that pass, a page with hundreds of rows takes a fifth of the time. */
const everyRule: RunOptions = { resultTypes: ['violations'], selectors: false };
/** A scheme changes colours and nothing else, so the second one is held against the rules that look at colours. */
const colourRules: RunOptions = { ...everyRule, runOnly: ['color-contrast', 'link-in-text-block'] };
const schemes = [
  { colorScheme: 'light', options: everyRule, fewestPasses: 8 },
  { colorScheme: 'dark', options: colourRules, fewestPasses: 1 },
] as const;

/** Fails on any violation that axe finds on this page, at a desk and on a phone, light and dark. */
export async function sweep(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? desk;
  const faults: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const { colorScheme, options, fewestPasses } of schemes) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      const axe = new AxeBuilder({ page }).setLegacyMode().options(options);
      const { violations, passes } = await axe.analyze();
      const where = `${name}, ${size.width} px, ${colorScheme}`;
      // An axe that looked at nothing finds nothing either.
      if (passes.length < fewestPasses)
        faults.push(`${where}: only ${passes.length} rules found something to look at`);
      for (const { id, help, nodes } of violations)
        for (const { html, failureSummary } of nodes)
          faults.push(`${where}: ${id} (${help}) at ${html}\n${failureSummary ?? ''}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
  await settle(page);
  if (faults.length > 0) throw new Error(`axe found ${faults.length} violations:\n${faults.join('\n')}`);
}

/** Colours and sizes are judged as they stay, not on their way. What a parent hands down follows a frame later. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
    const isEnding = (animation: Animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
    await document.fonts.ready;
    for (let stillFrames = 0; stillFrames < 3; stillFrames += 1) {
      await nextFrame();
      const moving = document.getAnimations().filter(isEnding);
      await Promise.allSettled(moving.map((animation) => animation.finished));
      if (moving.length > 0) stillFrames = 0;
    }
  });
}
