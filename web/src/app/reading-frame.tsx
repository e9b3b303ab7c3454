import { Outlet } from '@tanstack/react-router';
import { useSession } from '../auth/api.ts';
import { useFrameKeys } from './frame-keys.tsx';

/** Around the reading view, where the document has the whole window: the keyboard and nothing to see. */
export function ReadingFrame() {
  return useSession().user ? <SignedInReading /> : null;
}

function SignedInReading() {
  const { overlays } = useFrameKeys();
  return (
    <>
      <Outlet />
      {overlays}
    </>
  );
}
