import { describe, expect, it } from 'vitest';
import { type GapAction, type LoggedSearch, listSessions, walkSessions } from './gap-state.ts';

const start = new Date('2026-11-02T09:00:00Z').getTime();
const at = (minutes: number) => new Date(start + minutes * 60_000);
const later = at(100_000);

function search(minutes: number, outcome: 'nothing' | 'unused' | 'used', userId = 'rita'): LoggedSearch {
  return {
    id: `${userId}${minutes}`,
    userId,
    query: 'uptime',
    searchedAt: at(minutes),
    resultCount: outcome === 'nothing' ? 0 : 3,
    hasSucceeded: outcome === 'used',
    nextSearchAt: null,
  };
}

function walk(searches: LoggedSearch[], action: GapAction | null = null, now = later) {
  return walkSessions(listSessions(searches, now, action?.at ?? null), action);
}

const requested = (minutes: number, due: number | null = null): GapAction => ({
  kind: 'requested',
  at: at(minutes),
  dueAt: due === null ? null : at(due),
});
const synonym = (minutes: number): GapAction => ({ kind: 'synonym', at: at(minutes), dueAt: at(minutes) });

describe('a session', () => {
  it('is what one user searches for the same thing with pauses of half an hour at most', () => {
    const searches = [
      search(0, 'nothing'),
      search(30, 'unused'),
      search(61, 'unused'),
      search(5, 'unused', 'otto'),
    ];
    const sessions = listSessions(searches, later, null);
    expect(sessions.map(({ userId, searches: own }) => [userId, own.length])).toEqual([
      ['otto', 1],
      ['rita', 2],
      ['rita', 1],
    ]);
  });

  it('succeeds when one search of it did', () => {
    expect(walk([search(0, 'nothing'), search(5, 'used')]).failures).toHaveLength(0);
  });

  it('fails when it is over: half an hour later, or with the next search, or at once with nothing', () => {
    const countAt = (one: LoggedSearch, minutes: number) => walk([one], null, at(minutes)).failures.length;
    expect(countAt(search(0, 'unused'), 29)).toBe(0);
    expect(countAt(search(0, 'unused'), 30)).toBe(1);
    expect(countAt({ ...search(0, 'unused'), nextSearchAt: at(1) }, 2)).toBe(1);
    expect(countAt(search(0, 'nothing'), 0)).toBe(1);
  });
});

describe('a gap', () => {
  it('is open while searches fail, and one success among them does not close it', () => {
    const state = walk([search(0, 'nothing'), search(100, 'used', 'otto'), search(200, 'unused')]);
    expect(state).toMatchObject({ state: 'open', hasReopened: false });
    expect(state.failures).toHaveLength(2);
  });

  it('closes by itself when two in a row succeed', () => {
    const state = walk([search(0, 'nothing'), search(100, 'used'), search(200, 'used', 'otto')]);
    expect(state).toMatchObject({ state: 'closed', closedAt: at(200), closedByAction: false });
  });

  it('waits after marketing acted, and closes with the first success', () => {
    expect(walk([search(0, 'nothing')], requested(10))).toMatchObject({ state: 'acted_on' });
    expect(walk([search(0, 'nothing'), search(20, 'used')], requested(10))).toMatchObject({
      state: 'closed',
      closedAt: at(20),
      closedByAction: true,
    });
  });

  it('goes on waiting for what is requested although searches fail', () => {
    const state = walk([search(0, 'nothing'), search(100, 'nothing')], requested(10));
    expect(state).toMatchObject({ state: 'acted_on', actedInVain: false });
    expect(state.failures).toHaveLength(2);
  });

  it('opens again when searches fail after the request was answered, or after the synonym', () => {
    const searches = [search(0, 'nothing'), search(100, 'nothing')];
    expect(walk(searches, requested(10, 200))).toMatchObject({ state: 'acted_on' });
    expect(walk(searches, requested(10, 50))).toMatchObject({ state: 'open', actedInVain: true });
    expect(walk(searches, synonym(10))).toMatchObject({ state: 'open', actedInVain: true });
  });

  it('opens again when searches fail after it was closed, and counts from there', () => {
    const searches = [
      search(0, 'nothing'),
      search(50, 'nothing'),
      search(100, 'used'),
      search(200, 'nothing'),
    ];
    const state = walk(searches, requested(60));
    expect(state).toMatchObject({ state: 'open', hasReopened: true, actedInVain: false, closedAt: null });
    expect(state.failures).toHaveLength(1);
    expect(walk(searches, requested(300))).toMatchObject({ state: 'acted_on' });
  });

  it('does not take a search before the action for its success', () => {
    expect(walk([search(0, 'nothing'), search(100, 'used')], requested(110))).toMatchObject({
      state: 'acted_on',
    });
  });
});
