-- Long lists of deals, and files of deals that nobody imports.

-- When a deal entered the stage at which it stands, beside it, so that a list is in order without every history.
alter table deal add column stage_entered_at timestamptz;
update deal set stage_entered_at = (select max(entered_at) from deal_stage where deal_stage.deal_id = deal.id);
-- When it last moved.
alter table deal add column changed_at timestamptz not null
  generated always as (greatest(opened_at, stage_entered_at, closed_at)) stored;
-- What somebody who looks for a deal may type, in lower case.
alter table deal add column search_text text not null
  generated always as (lower(name || E'\n' || external_id || E'\n' || coalesce(owner_email, ''))) stored;
create index deal_changed_at_idx on deal (changed_at desc, id desc) where removed_at is null;
create index deal_outcome_changed_at_idx on deal (outcome, changed_at desc, id desc) where removed_at is null;
-- What is found of each stage and currency, read from the index alone.
create index deal_outcome_stage_idx on deal (outcome, stage, currency, amount, id) where removed_at is null;

-- When somebody or the work last touched an import, for the sweep of those that nobody goes on with.
alter table deal_import add column changed_at timestamptz not null default now();
