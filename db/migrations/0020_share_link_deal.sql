-- Which deals a share link is for, said once for the page of a deal and for what is counted of deals: the deal that a rep chose
-- for it, else the deals of the recipient's account (their own or that of the contact) that were open when it was made.
create view share_link_deal as
  select l.id as share_link_id, d.id as deal_id, d.account_id
  from share_link l
  join deal d on d.id = l.deal_id
  where l.undone_at is null and d.removed_at is null
  union all
  select l.id, d.id, d.account_id
  from share_link l
  join recipient r on r.id = l.recipient_id
  join deal d on d.account_id = r.account_id
  where l.deal_id is null and l.undone_at is null and d.removed_at is null
    and l.created_at >= d.opened_at and (d.closed_at is null or l.created_at <= d.closed_at)
  union all
  select l.id, d.id, d.account_id
  from share_link l
  join recipient r on r.id = l.recipient_id and r.account_id is null
  join contact c on c.id = r.contact_id
  join deal d on d.account_id = c.account_id
  where l.deal_id is null and l.undone_at is null and d.removed_at is null
    and l.created_at >= d.opened_at and (d.closed_at is null or l.created_at <= d.closed_at);

-- From the deal to those of its account, by the contacts.
create index recipient_contact_id_idx on recipient (contact_id) where contact_id is not null;
