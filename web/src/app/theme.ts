import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

type Shades = [string, string, string, string, string, string, string, string, string, string];

const shades = (...values: Shades): MantineColorsTuple => values;

/**
 * The component library gets our colours under its own names; the values it resolves to per scheme
 * are the tokens of `theme.css`, so a colour is changed there and nowhere else.
 */
const variantColorResolver: VariantColorsResolver = (input) => {
  const name = input.color === 'red' ? 'red' : 'accent';
  const isOurs = input.color === undefined || input.color === 'green' || input.color === 'red';
  if (!isOurs) return defaultVariantColorsResolver(input);
  const text = `var(--${name}-text)`;
  const wash = `var(--${name}-wash)`;
  if (input.variant === 'filled')
    return {
      background: `var(--${name})`,
      hover: `var(--${name}-hover)`,
      color: name === 'red' ? 'var(--on-red)' : 'var(--on-accent)',
      border: '1px solid transparent',
    };
  if (input.variant === 'light')
    return {
      background: wash,
      hover: `color-mix(in srgb, ${text} 8%, ${wash})`,
      color: text,
      border: '1px solid transparent',
    };
  if (input.variant === 'outline')
    return { background: 'transparent', hover: wash, color: text, border: `1px solid ${text}` };
  if (input.variant === 'subtle')
    return { background: 'transparent', hover: wash, color: text, border: '1px solid transparent' };
  return defaultVariantColorsResolver(input);
};

const tokens = {
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-dimmed': 'var(--quiet)',
  '--mantine-color-placeholder': 'var(--quiet)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--red-text)',
  '--mantine-color-success': 'var(--accent-text)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--edge)',
  '--mantine-color-disabled': 'var(--pressed)',
  '--mantine-color-disabled-color': 'var(--quiet)',
  '--mantine-color-disabled-border': 'var(--hairline)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-green-filled': 'var(--accent)',
  '--mantine-color-green-filled-hover': 'var(--accent-hover)',
  '--mantine-color-green-light': 'var(--accent-wash)',
  '--mantine-color-green-light-color': 'var(--accent-text)',
  '--mantine-color-green-text': 'var(--accent-text)',
  '--mantine-color-red-filled': 'var(--red)',
  '--mantine-color-red-light': 'var(--red-wash)',
  '--mantine-color-red-text': 'var(--red-text)',
  // What a menu item or a text of this colour asks for, whatever the scheme.
  '--mantine-color-red-6': 'var(--red-text)',
  '--mantine-color-green-6': 'var(--accent-text)',
  '--mantine-color-yellow-6': 'var(--amber-text)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: tokens,
  dark: tokens,
});

export const theme = createTheme({
  primaryColor: 'green',
  primaryShade: { light: 8, dark: 4 },
  white: '#ffffff',
  black: '#1c1b19',
  colors: {
    green: shades(
      '#eef5f1',
      '#dcebe3',
      '#b9d8c8',
      '#8fc3a9',
      '#5cc49a',
      '#46a680',
      '#358a68',
      '#277758',
      '#1f6b4f',
      '#14513b',
    ),
    red: shades(
      '#fbecea',
      '#f6d5d2',
      '#eebfbb',
      '#f0857d',
      '#e2635a',
      '#d0473d',
      '#c1352b',
      '#b3261e',
      '#96201a',
      '#701813',
    ),
    yellow: shades(
      '#fbf0da',
      '#f5e2b9',
      '#e8cf9b',
      '#e6b666',
      '#d69a34',
      '#b97c17',
      '#9c6605',
      '#855200',
      '#6b4200',
      '#4d2f00',
    ),
    gray: shades(
      '#fbfaf7',
      '#f4f2ec',
      '#e7e4dc',
      '#d9d5cb',
      '#c4bfb3',
      '#918c81',
      '#6b6860',
      '#4b4943',
      '#33312d',
      '#1c1b19',
    ),
    dark: shades(
      '#eceae4',
      '#c9c5bb',
      '#9f9b90',
      '#7a766c',
      '#423f39',
      '#2e2c28',
      '#1e1d1a',
      '#161513',
      '#11100e',
      '#0c0b0a',
    ),
  },
  variantColorResolver,
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: {
    fontFamily: 'var(--serif)',
    fontWeight: '600',
    sizes: {
      h1: { fontSize: 'var(--text-26)', lineHeight: '1.25' },
      h2: { fontSize: 'var(--text-20)', lineHeight: '1.3' },
      h3: { fontSize: 'var(--text-16)', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '40px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '8px', xl: '999px' },
  defaultRadius: 'sm',
  shadows: { xs: 'none', sm: 'none', md: 'var(--floating)', lg: 'var(--floating)', xl: 'var(--floating)' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    // A form that takes the focus before it has its place would else scroll the page to its top, and close itself by that.
    Popover: { defaultProps: { floatingStrategy: 'fixed' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 32 } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: {
      defaultProps: { checkIconPosition: 'right', comboboxProps: { transitionProps: { duration: 120 } } },
    },
    Menu: {
      // Inside its landmark, in the order of the page, and without a placeholder that a menu may not hold.
      defaultProps: {
        radius: 'md',
        transitionProps: { duration: 120 },
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, transitionProps: { duration: 100 } } },
    Modal: {
      defaultProps: {
        radius: 'md',
        transitionProps: { duration: 150 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: {
      defaultProps: { transitionProps: { duration: 170 }, closeButtonProps: { 'aria-label': 'Close' } },
    },
    Anchor: { defaultProps: { underline: 'hover' } },
    SegmentedControl: { defaultProps: { transitionDuration: 140, withItemsBorders: false } },
  },
});
