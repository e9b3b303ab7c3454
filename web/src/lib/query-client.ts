import { hashKey, MutationCache, QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query';
import { ApiProblem } from './api.ts';

let onSignedOut: () => void = () => undefined;

/** What to do when the server says that the session has ended. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

function notice(error: Error): void {
  if (error instanceof ApiProblem && error.code === 'not_signed_in') onSignedOut();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && mayPass(error),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
    // Without a connection a call fails at once and says so, instead of waiting for one.
    mutations: { networkMode: 'always', retry: false },
  },
});

/** A refusal stays a refusal; a broken connection or an overloaded server may recover by itself. */
function mayPass(error: Error): boolean {
  if (!(error instanceof ApiProblem)) return true;
  return error.code !== 'unexpected_answer' && (error.status === 0 || error.status >= 500);
}

/**
 * Shows a change before the server confirms it; answers the function that takes it back.
 * Use it in `onMutate` and call the result in `onError`.
 */
export async function showEarly<Data>(queryKey: QueryKey, change: (data: Data) => Data): Promise<() => void> {
  await queryClient.cancelQueries({ queryKey });
  const before = queryClient.getQueriesData<Data>({ queryKey });
  queryClient.setQueriesData<Data>({ queryKey }, (data) => (data === undefined ? undefined : change(data)));
  return () => {
    for (const [key, data] of before) queryClient.setQueryData(key, data);
  };
}

/** The last change of each query that was sent, by its hashed key. */
const sending = new Map<string, Promise<unknown>>();

/**
 * Shows a change at once and sends it behind those before it, so that the last of them is the one that stays.
 * `onSettled` runs after the last of them, sent or refused: what the server has is to be read again.
 */
export async function changeInTurn<Data>(
  queryKey: QueryKey,
  {
    change,
    send,
    onSettled,
  }: { change: (data: Data) => Data; send: () => Promise<unknown>; onSettled: () => void },
): Promise<void> {
  const turn = hashKey(queryKey);
  const shown = showEarly<Data>(queryKey, change);
  const mine = Promise.allSettled([shown, sending.get(turn)]).then(send);
  sending.set(turn, mine);
  try {
    await mine;
  } finally {
    if (sending.get(turn) === mine) {
      sending.delete(turn);
      onSettled();
    }
  }
}
