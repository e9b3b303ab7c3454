-- Deals as a CRM knows them: segments, currencies, deals that a rep chose for a share link.

-- How large the account is, in the words of the CRM, such as "Enterprise".
alter table account add column segment text;

alter table deal
  add column name text not null default '',
  -- Not in the CRM any more; it keeps its history and counts nowhere.
  add column removed_at timestamptz,
  add column updated_at timestamptz not null default now();

-- What one unit of a currency is worth in the base currency, whose own rate is 1. A currency that is missing is not converted.
create table currency_rate (
  currency text primary key,
  rate numeric(18, 8) not null,
  is_base boolean not null default false,
  changed_by_user_id text constraint currency_rate_changed_by_user_id_fkey references "user" on delete set null,
  changed_at timestamptz not null,
  constraint currency_rate_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint currency_rate_rate_check check (rate > 0),
  constraint currency_rate_is_base_check check (not is_base or rate = 1)
);
create unique index currency_rate_is_base_key on currency_rate (is_base) where is_base;

-- Each deal that counts, with its amount in the base currency; null where there is no rate for it.
create view deal_value as
  select d.id as deal_id, d.account_id, d.stage, d.outcome, d.amount, d.currency, d.opened_at, d.closed_at,
    d.amount * r.rate as base_amount
  from deal d left join currency_rate r on r.currency = d.currency
  where d.removed_at is null;

-- The deal that a rep named for a share link; null: the open deals of the recipient's account.
alter table share_link add column deal_id text constraint share_link_deal_id_fkey references deal on delete set null;
create index share_link_deal_id_idx on share_link (deal_id) where deal_id is not null;
