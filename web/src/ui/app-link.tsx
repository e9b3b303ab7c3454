import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode } from 'react';

interface Target {
  /** From `lib/paths.ts`. */
  to: string;
  search?: Record<string, unknown>;
  children: ReactNode;
}

/** A link within the app; its code and first data are fetched as soon as it is pointed at. */
export function AppLink({
  to,
  search,
  ...props
}: Target & AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>) {
  const anchor = { component: Link, to, ...(search && { search }) } as object;
  return <Anchor {...anchor} {...props} />;
}

/** A link within the app that looks like a button. */
export function LinkButton({ to, search, ...props }: Target & ButtonProps) {
  const anchor = { component: Link, to, ...(search && { search }) } as object;
  return <Button {...anchor} {...props} />;
}
