-- What a team decided about how its numbers are shown. Without a row nobody is ranked.
create table team_setting (
  -- Empty: those without a team.
  team text primary key,
  shows_ranking boolean not null,
  changed_by_user_id text constraint team_setting_changed_by_user_id_fkey references "user" on delete set null,
  changed_at timestamptz not null
);
