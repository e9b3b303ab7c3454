import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { formatCalendarDay } from '../lib/format.ts';
import { type SliceState, sliceChoicesQuery } from './api.ts';
import classes from './slice-bar.module.css';

const periods = [
  { days: '30', label: 'Last 30 days' },
  { days: '90', label: 'Last 90 days' },
  { days: '180', label: 'Last 180 days' },
  { days: '365', label: 'Last 365 days' },
] as const;

/** The period as the bar names it: "Last 90 days", "1 Jan 2026 to 31 Mar 2026". */
export function periodName({ days = '90', from, to }: Pick<SliceState, 'days' | 'from' | 'to'>): string {
  if (from && to) return `${formatCalendarDay(from)} to ${formatCalendarDay(to)}`;
  if (from) return `Since ${formatCalendarDay(from)}`;
  if (to) return `${days} days to ${formatCalendarDay(to)}`;
  return periods.find((period) => period.days === days)?.label ?? 'Last 90 days';
}

interface PeriodButtonProps {
  slice: SliceState;
  onChange: (patch: Partial<SliceState>) => void;
}

export function PeriodButton({ slice, onChange }: PeriodButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const change = (patch: Partial<SliceState>) => {
    onChange({ days: undefined, from: undefined, to: undefined, ...patch });
    setIsOpen(false);
  };
  const isCustom = slice.from !== undefined || slice.to !== undefined;
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-start"
      width={280}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.period}
          aria-expanded={isOpen}
          aria-label={`Period: ${periodName(slice)}`}
          onClick={() => setIsOpen((was) => !was)}
        >
          {periodName(slice)}
          <IconChevronDown size={14} stroke={1.75} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <ul className={classes.periods}>
          {periods.map(({ days, label }) => {
            const isChosen = !isCustom && (slice.days ?? '90') === days;
            return (
              <li key={days}>
                <UnstyledButton
                  className={classes.option}
                  aria-pressed={isChosen}
                  onClick={() => change({ days: days === '90' ? undefined : days })}
                >
                  {label}
                  {isChosen && <IconCheck size={15} stroke={1.75} aria-hidden />}
                </UnstyledButton>
              </li>
            );
          })}
        </ul>
        <CustomDays slice={slice} onChange={change} />
      </Popover.Dropdown>
    </Popover>
  );
}

function CustomDays({ slice, onChange }: PeriodButtonProps) {
  const { today = '', countedSince } = useQuery(sliceChoicesQuery).data ?? {};
  const [from, setFrom] = useState(slice.from ?? '');
  const [to, setTo] = useState(slice.to ?? '');
  const fault = from && to && to < from ? 'The last day is before the first.' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (from && !fault) onChange({ from, to: to || undefined });
  };
  return (
    <form className={classes.custom} onSubmit={submit}>
      <div className={classes.dates}>
        <TextInput
          type="date"
          size="xs"
          label="First day"
          max={today}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          size="xs"
          label="Last day"
          min={from}
          max={today}
          value={to}
          error={fault}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </div>
      <div className={classes.customEnd}>
        <Button type="submit" size="xs" variant="default" disabled={!from || fault !== undefined}>
          Show these days
        </Button>
        {countedSince && (
          <span className={classes.since}>Counted since {formatCalendarDay(countedSince)}</span>
        )}
      </div>
    </form>
  );
}
