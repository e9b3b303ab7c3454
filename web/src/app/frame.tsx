import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconCommand, IconKeyboard, IconLogout, IconUser } from '@tabler/icons-react';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSession, useUser } from '../auth/api.ts';
import { initials } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { Bell, BellLink } from '../notifications/bell.tsx';
import { BrandMark } from '../ui/brand.tsx';
import { PanelSlot } from '../ui/panels.tsx';
import classes from './frame.module.css';
import { leave, schemes, useFrameKeys } from './frame-keys.tsx';
import { barPlaces, type MainPlace, mainPlaces, placesFor } from './navigation.ts';

/** Rail or bottom bar, one column for the page, and a slot for a detail panel beside it. */
export function Frame() {
  const session = useSession();
  return session.user ? <SignedInFrame hasSampleData={session.hasSampleData} /> : null;
}

function SignedInFrame({ hasSampleData }: { hasSampleData: boolean }) {
  const user = useUser();
  const { overlays, openPalette, openSheet } = useFrameKeys();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const content = useRef<HTMLElement>(null);
  const places = placesFor(mainPlaces, user.role);

  useFocusAfterNavigation(content);

  return (
    <PanelSlot value={slot}>
      <a href="#content" className={classes.skip}>
        Skip to the page
      </a>
      <div className={classes.frame}>
        <nav className={classes.rail} aria-label="Main">
          <Link to={paths.find} className={classes.brand} aria-label="Offshelf, to Find">
            <BrandMark />
          </Link>
          <ul className={classes.places}>
            {places.map((place) => (
              <li key={place.path}>
                <PlaceLink place={place} />
              </li>
            ))}
          </ul>
          <div className={classes.foot}>
            <UnstyledButton className={classes.place} onClick={openPalette}>
              <IconCommand size={20} stroke={1.5} aria-hidden />
              <span>Go to</span>
            </UnstyledButton>
            <Bell className={classes.place} />
            <UserMenu onSheet={openSheet} />
          </div>
        </nav>
        <div className={classes.middle}>
          <nav className={classes.top} aria-label="Account">
            <Link to={paths.find} className={classes.brand} aria-label="Offshelf, to Find">
              <BrandMark size={24} />
            </Link>
            <span className={classes.wordmark}>Offshelf</span>
            <BellLink />
            <UserMenu onSheet={openSheet} />
          </nav>
          {hasSampleData && (
            <aside className={classes.banner} aria-label="Sample data">
              Sample data. Remove it with <code>npm run demo -- --remove</code>.
            </aside>
          )}
          <main id="content" ref={content} tabIndex={-1} className={classes.content}>
            <Outlet />
          </main>
        </div>
        <div ref={setSlot} className={classes.slot} data-state="closed" />
      </div>
      {overlays}
    </PanelSlot>
  );
}

function PlaceLink({ place }: { place: MainPlace }) {
  const { path, label, icon: Icon } = place;
  const { pathname } = useLocation();
  const isCurrent =
    path === paths.find ? pathname === path : pathname === path || pathname.startsWith(`${path}/`);
  return (
    <Link to={path} className={classes.place} {...(isCurrent && { 'aria-current': 'page' as const })}>
      <Icon size={20} stroke={1.5} aria-hidden />
      <span>{label}</span>
    </Link>
  );
}

function UserMenu({ onSheet }: { onSheet: () => void }) {
  const user = useUser();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const beyondBar = placesFor(mainPlaces, user.role).slice(barPlaces);
  return (
    <Menu position="right-end" width={232}>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={`Your account, ${user.name}`}>
          <span className={classes.avatar} data-initials={initials(user.name)} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.identity}>
          <strong>{user.name}</strong>
          <span className="quiet">{user.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUser size={16} stroke={1.5} />}
          onClick={() => navigate({ to: paths.profile })}
        >
          Your profile
        </Menu.Item>
        {beyondBar.map(({ path, name, icon: Icon }) => (
          <Menu.Item
            key={path}
            className={classes.onPhone}
            leftSection={<Icon size={16} stroke={1.5} />}
            onClick={() => navigate({ to: path })}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.5} />} onClick={onSheet}>
          Shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        >
          {schemes.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.5} />} onClick={() => leave(navigate)}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** After a navigation the new page is read from its start, not from the link that was left behind. */
function useFocusAfterNavigation(content: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const active = document.activeElement;
    const hasFocusInside = active !== content.current && content.current?.contains(active);
    if (!hasFocusInside) content.current?.focus({ preventScroll: true });
  }, [pathname, content]);
}
