import { Button } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { type Role, roleWords } from '../auth/api.ts';
import { formatList } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { usePageTitle } from '../ui/page-header.tsx';
import { describeProblem } from '../ui/problem-note.tsx';

/** A page that failed as a whole. A chunk of an older build that is gone needs a reload, not another try. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const isOldBuild = /dynamically imported module|Importing a module script failed/.test(String(error));
  const { title, detail } = isOldBuild
    ? { title: 'Offshelf was updated', detail: 'Reload the page to go on with the new version.' }
    : describeProblem(error);
  usePageTitle(title);
  const tryAgain = () => {
    if (isOldBuild) return window.location.reload();
    reset();
    void router.invalidate();
  };
  return (
    <div role="alert">
      <EmptyState
        isPage
        title={title}
        action={<Button onClick={tryAgain}>{isOldBuild ? 'Reload' : 'Try again'}</Button>}
      >
        {detail}
      </EmptyState>
    </div>
  );
}

export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <EmptyState
      isPage
      title="There is nothing at this address"
      action={<LinkButton to={paths.find}>Go to Find</LinkButton>}
    >
      The address may be mistyped, or what was here is gone. Look for it by its title.
    </EmptyState>
  );
}

export function ForbiddenPage({ roles }: { roles: readonly Role[] }) {
  usePageTitle('Not for your role');
  const names = formatList(roles.map((role) => roleWords[role].name.toLowerCase()));
  return (
    <EmptyState
      isPage
      title="This page is not for your role"
      action={<LinkButton to={paths.find}>Go to Find</LinkButton>}
    >
      It is open to: {names}. Ask an admin if you need it.
    </EmptyState>
  );
}
