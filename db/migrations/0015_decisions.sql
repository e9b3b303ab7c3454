-- What was decided about assets from a list or a report, so that it can be taken back and its effect be shown later.

create table decision (
  id text primary key,
  kind text not null constraint decision_kind_check
    check (kind in ('archive', 'assign', 'request_review', 'add_tags', 'promote')),
  -- What the kind needs: the new owner, a day, the terms.
  details jsonb not null,
  note text not null default '',
  -- The page it was decided on, with its slice.
  made_on text not null default '',
  decided_by_user_id text not null constraint decision_decided_by_user_id_fkey references "user",
  decided_at timestamptz not null,
  undone_at timestamptz,
  undone_by_user_id text constraint decision_undone_by_user_id_fkey references "user",
  -- What happened to the assets since, counted each night until it is 30 days old.
  effect jsonb,
  effect_as_of timestamptz,
  is_sample boolean not null default false
);
create index decision_decided_at_idx on decision (decided_at desc, id);

create table decision_asset (
  decision_id text not null constraint decision_asset_decision_id_fkey references decision on delete cascade,
  asset_id text not null constraint decision_asset_asset_id_fkey references asset on delete cascade,
  -- The change that takes this one back.
  undo jsonb not null,
  primary key (decision_id, asset_id)
);
create index decision_asset_asset_id_idx on decision_asset (asset_id);

-- What marketing recommends to reps now; the latest word on an asset counts.
create view promoted_asset as
  select distinct on (chosen.asset_id) chosen.asset_id, d.id as decision_id, d.note, d.decided_at,
    (d.details ->> 'untilOn')::date as until_on
  from decision d join decision_asset chosen on chosen.decision_id = d.id
  where d.kind = 'promote' and d.undone_at is null
  order by chosen.asset_id, d.decided_at desc, d.id;
