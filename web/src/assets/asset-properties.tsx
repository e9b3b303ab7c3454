import {
  Button,
  Popover,
  SegmentedControl,
  Select,
  Skeleton,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { dimensionKey } from '@offshelf/server/contract/taxonomy';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { usersQuery } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { type Dimension, dimensionsQuery } from '../taxonomy/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge, TermChips } from '../ui/badges.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import { DateText, DayText, UserName } from '../ui/words.tsx';
import type { Asset } from './api.ts';
import classes from './asset-page.module.css';
import type { AssetEdit } from './merge-edit.ts';

interface PropertiesProps {
  asset: Asset;
  canEdit: boolean;
  onSave: (base: Asset, edit: AssetEdit) => void;
}

const noDimensions: Dimension[] = [];

/** What is known about the asset, one line each; those who can edit open a line to change it. */
export function AssetProperties({ asset, canEdit, onSave }: PropertiesProps) {
  const { data } = useQuery(dimensionsQuery);
  const dimensions = data?.items ?? noDimensions;
  const save = (edit: AssetEdit) => onSave(asset, edit);
  const reviewTone = asset.isStale ? classes.late : undefined;
  return (
    <section aria-label="Details" className={classes.side}>
      <h2 className={classes.label}>Details</h2>
      <dl className={classes.properties}>
        <Property
          label="Audience"
          canEdit={canEdit}
          value={asset.audience === 'internal' ? 'Internal only' : 'For buyers'}
        >
          {(close) => <AudienceForm asset={asset} onSave={save} onClose={close} />}
        </Property>
        <Property label="Owner" canEdit={canEdit} value={<UserName name={asset.ownerName} />}>
          {(close) => <OwnerForm asset={asset} onSave={save} onClose={close} />}
        </Property>
        <Property
          label="Review by"
          canEdit={canEdit}
          value={
            <span className={reviewTone}>
              <DayText day={asset.reviewOn} fallback="No date" />
              {asset.isStale && <StatusBadge tone="look">Overdue</StatusBadge>}
            </span>
          }
        >
          {(close) => <ReviewForm asset={asset} onSave={save} onClose={close} />}
        </Property>
        {!data &&
          dimensionKey.options.map((key) => (
            <Property
              key={key}
              label={<Skeleton height={10} width={64} radius={5} my={5} />}
              value={<Skeleton height={10} width="60%" radius={5} my={5} />}
            />
          ))}
        {dimensions
          .filter((dimension) => canEdit || asset.terms.some((term) => term.dimensionKey === dimension.key))
          .map((dimension) => (
            <TermProperty
              key={dimension.key}
              dimension={dimension}
              asset={asset}
              canEdit={canEdit}
              onSave={save}
            />
          ))}
        <Property label="Published" value={<DateText date={asset.publishedAt} fallback="Not yet" />} />
        <Property
          label="Changed"
          value={
            <span>
              <DateText date={asset.updatedAt} />
              {asset.updatedByName && <span className="quiet"> by {asset.updatedByName}</span>}
            </span>
          }
        />
        <Property
          label="Added"
          value={
            <span>
              <DateText date={asset.createdAt} />
              {asset.createdByName && <span className="quiet"> by {asset.createdByName}</span>}
            </span>
          }
        />
      </dl>
    </section>
  );
}

interface PropertyProps {
  label: ReactNode;
  value: ReactNode;
  canEdit?: boolean;
  children?: (close: () => void) => ReactNode;
}

function Property({ label, value, canEdit = false, children }: PropertyProps) {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const name = typeof label === 'string' ? label : '';
  return (
    <div className={classes.property}>
      <dt>{label}</dt>
      <dd>
        {canEdit && children ? (
          <Popover
            opened={isOpen}
            onChange={setIsOpen}
            position="bottom-start"
            width={290}
            trapFocus
            returnFocus
            withinPortal
          >
            <Popover.Target>
              <UnstyledButton className={classes.value} onClick={() => setIsOpen((was) => !was)}>
                <span className="only-heard">Change {name.toLowerCase()}: </span>
                {value}
              </UnstyledButton>
            </Popover.Target>
            <Popover.Dropdown aria-label={name} className={classes.popover}>
              {isOpen && children(close)}
            </Popover.Dropdown>
          </Popover>
        ) : (
          <span className={classes.fixed}>{value}</span>
        )}
      </dd>
    </div>
  );
}

interface FormProps {
  asset: Asset;
  onSave: (edit: AssetEdit) => void;
  onClose: () => void;
}

function AudienceForm({ asset, onSave, onClose }: FormProps) {
  return (
    <>
      <SegmentedControl
        aria-label="Audience"
        fullWidth
        data={[
          { value: 'internal', label: 'Internal only' },
          { value: 'external', label: 'For buyers' },
        ]}
        value={asset.audience}
        onChange={(audience) => {
          onSave({ audience: audience as Asset['audience'] });
          onClose();
        }}
      />
      <p className={classes.hint}>Internal assets are found by everybody here and cannot be shared.</p>
    </>
  );
}

function OwnerForm({ asset, onSave, onClose }: FormProps) {
  const users = useQuery(usersQuery).data?.items ?? [];
  const [role, setRole] = useState(asset.ownerRole);
  return (
    <form
      className={classes.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (role.trim() !== asset.ownerRole) onSave({ ownerRole: role.trim() });
        onClose();
      }}
    >
      <Select
        label="Person"
        placeholder="Nobody"
        searchable
        clearable
        data-autofocus
        comboboxProps={{ withinPortal: false }}
        data={users
          .filter((user) => user.state !== 'deactivated' || user.id === asset.ownerUserId)
          .map((user) => ({ value: user.id, label: user.name }))}
        value={asset.ownerUserId}
        onChange={(ownerUserId) => {
          onSave({ ownerUserId });
          onClose();
        }}
      />
      <TextInput
        label="Role"
        description="Stands in while nobody is named."
        maxLength={80}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={role.trim() === asset.ownerRole}>
        Save role
      </Button>
    </form>
  );
}

function ReviewForm({ asset, onSave, onClose }: FormProps) {
  const [day, setDay] = useState(asset.reviewOn ?? '');
  const set = (reviewOn: string | null) => {
    onSave({ reviewOn });
    onClose();
  };
  return (
    <form
      className={classes.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (day) set(day);
      }}
    >
      <div className={classes.row}>
        <TextInput
          type="date"
          label="Review by"
          data-autofocus
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <Button type="submit" disabled={day === '' || day === asset.reviewOn}>
          Set
        </Button>
      </div>
      <div className={classes.row}>
        {[3, 6, 12].map((months) => (
          <Button key={months} size="compact-xs" variant="default" onClick={() => set(dayIn(months))}>
            In {months} months
          </Button>
        ))}
        {asset.reviewOn && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => set(null)}>
            No date
          </Button>
        )}
      </div>
    </form>
  );
}

/** The calendar day so many months from today, where the person is. */
function dayIn(months: number): string {
  const date = new Date();
  date.setMonth(date.getMonth() + months);
  return `${date.getFullYear().toString()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}

interface TermPropertyProps {
  dimension: Dimension;
  asset: Asset;
  canEdit: boolean;
  onSave: (edit: AssetEdit) => void;
}

function TermProperty({ dimension, asset, canEdit, onSave }: TermPropertyProps) {
  const own = asset.terms.filter((term) => term.dimensionKey === dimension.key);
  const others = asset.terms.filter((term) => term.dimensionKey !== dimension.key).map((term) => term.id);
  return (
    <Property
      label={dimension.name}
      canEdit={canEdit}
      value={own.length > 0 ? <TermChips terms={own} limit={12} /> : <span className="quiet">Add</span>}
    >
      {() =>
        dimension.terms.length === 0 ? (
          <p className="quiet">
            This dimension has no terms yet. <AppLink to={paths.taxonomy}>Add terms</AppLink>
          </p>
        ) : (
          <TermSelect
            label={dimension.name}
            description={dimension.isMultiple ? undefined : 'An asset has one.'}
            data-autofocus
            comboboxProps={{ withinPortal: false }}
            maxDropdownHeight={240}
            dimensions={[dimension]}
            value={own.map((term) => term.id)}
            onChange={(termIds) => onSave({ termIds: [...others, ...termIds] })}
          />
        )
      }
    </Property>
  );
}
