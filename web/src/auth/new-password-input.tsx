import { PasswordInput, type PasswordInputProps } from '@mantine/core';

const minLength = 12;

export function newPasswordFault(value: string): string | null {
  if (value.length >= minLength) return value.length > 200 ? 'Use at most 200 characters.' : null;
  const missing = minLength - value.length;
  return `${missing} more ${missing === 1 ? 'character' : 'characters'}. A few words are easy to remember.`;
}

/** A password that is being chosen; it says how long it must be before it is refused. */
export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      autoComplete="new-password"
      description={
        props.error
          ? undefined
          : `At least ${minLength.toString()} characters. A few words are easy to remember.`
      }
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      {...props}
    />
  );
}
