import { Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { formatLanguage, formatList, formatPercent, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import {
  type SimilarAsset,
  type SuggestedTerm,
  type UploadInsight,
  uploadInsightQuery,
} from '../rendering/api.ts';
import type { Dimension } from '../taxonomy/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { withoutRivals } from '../ui/term-select.tsx';
import classes from './upload-insight.module.css';
import panelClasses from './upload-panel.module.css';
import { changeTags, closeUploads, editUpload, makeVersionOf, type Upload } from './upload-queue.ts';

/** Whether advice still helps: it arrived, and nobody has made it a version of something. */
export function takesAdvice({ state, into }: Upload): boolean {
  return (state === 'sent' || state === 'added') && !into;
}

/** What the server knows of an upload by now; it is asked while the row is seen. */
export function useUploadInsight(upload: Upload, isSeen: boolean): UploadInsight | undefined {
  const { uploadTicket = '' } = upload;
  const isAsked = isSeen && takesAdvice(upload) && uploadTicket !== '';
  return useQuery({ ...uploadInsightQuery(uploadTicket), enabled: isAsked, retry: false }).data;
}

/** "12 pages, German"; what is still being found out is said too. */
export function insightFacts(insight: UploadInsight | undefined): string {
  if (!insight) return '';
  const { state, pageCount, language } = insight;
  if (state === 'queued' || state === 'running') return 'reading it';
  const facts = [pageCount > 1 ? plural(pageCount, 'page') : undefined, formatLanguage(language)];
  return facts.filter(Boolean).join(', ');
}

/** "92% of the text is" or, as the file itself differs, "Nearly all of the text is". */
export function sameness(similarity: number): string {
  return similarity >= 0.995 ? 'Nearly all of the text is' : `${formatPercent(similarity)} of the text is`;
}

/** Says which asset the file is like, and makes it a version of that with one click. */
export function SimilarNote({ upload, similar }: { upload: Upload; similar: readonly SimilarAsset[] }) {
  const best = similar.find((asset) => asset.isLikelyNextVersion) ?? similar[0];
  if (!best || upload.isKeptApart) return null;
  const { assetId, title, kind, versionNumber, currentVersionNumber, similarity } = best;
  const nextNumber = currentVersionNumber + 1;
  const others = similar.filter((asset) => asset !== best);
  const link = <SimilarLink asset={best} />;
  return (
    <fieldset className={panelClasses.question} aria-label="The library has something like it">
      <p>
        {versionNumber < currentVersionNumber ? (
          <>
            {sameness(similarity)} the same as in version {versionNumber} of {link}, which is at version{' '}
            {currentVersionNumber}.
          </>
        ) : best.isLikelyNextVersion ? (
          <>
            Looks like version {nextNumber} of {link}. {sameness(similarity)} the same.
          </>
        ) : (
          <>
            {sameness(similarity)} the same as in {link}.
          </>
        )}
        {others.length > 0 && (
          <>
            {' '}
            Also like{' '}
            {others.map((asset, index) => (
              <span key={asset.assetId}>
                {index > 0 && (index === others.length - 1 ? ' and ' : ', ')}
                <SimilarLink asset={asset} /> ({formatPercent(asset.similarity)})
              </span>
            ))}
            .
          </>
        )}
      </p>
      <div className={panelClasses.answers}>
        {kind === 'file' && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Make it version ${nextNumber.toString()} of ${title}`}
            onClick={() => void makeVersionOf(upload.id, { assetId, title, nextNumber })}
          >
            Make it version {nextNumber}
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => editUpload(upload.id, { isKeptApart: true })}
        >
          {upload.state === 'added' ? 'Keep both' : 'Keep as a new asset'}
        </Button>
      </div>
    </fieldset>
  );
}

function SimilarLink({ asset: { assetId, title } }: { asset: SimilarAsset }) {
  return (
    <AppLink to={paths.asset(assetId)} className={panelClasses.link} onClick={closeUploads}>
      {title}
    </AppLink>
  );
}

/** What was chosen instead of a new asset, until it is added. */
export function VersionChoice({ upload }: { upload: Upload }) {
  const { id, into, isWanted, state } = upload;
  if (!into || isWanted || state !== 'sent') return null;
  return (
    <div className={classes.choice}>
      <span>Becomes {into.nextNumber ? `version ${into.nextNumber.toString()}` : 'the newest version'}.</span>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={() => editUpload(id, { into: undefined })}
      >
        Undo
      </Button>
    </div>
  );
}

interface SuggestedTagsProps {
  upload: Upload;
  suggested: readonly SuggestedTerm[];
  dimensions: readonly Dimension[];
  /** Tags that every file of the batch gets anyway. */
  givenIds: readonly string[];
}

/** Tags that fit by the words of the file and by similar assets; each says why, and none is given by itself. */
export function SuggestedTags({ upload, suggested, dimensions, givenIds }: SuggestedTagsProps) {
  const [isExplained, setIsExplained] = useState(false);
  const listId = useId();
  const taken = new Set(
    dimensions
      .filter(({ isMultiple, terms }) => !isMultiple && terms.some(({ id }) => givenIds.includes(id)))
      .map(({ key }) => key),
  );
  const offered = suggested.filter(
    ({ termId, dimensionKey }) => !givenIds.includes(termId) && !taken.has(dimensionKey),
  );
  const rest = offered.filter(({ termId }) => !upload.termIds.includes(termId));
  if (offered.length === 0) return null;
  const change = (termIds: readonly string[], added: readonly string[]) =>
    void changeTags(upload.id, withoutRivals([...termIds], added, dimensions));
  const add = (added: string[]) => change([...upload.termIds, ...added], added);
  const nameOf = (key: string) => dimensions.find((dimension) => dimension.key === key)?.name ?? '';
  return (
    <fieldset className={classes.tags} aria-label={`Suggested tags for ${upload.file.name}`}>
      <span className={classes.label} aria-hidden="true">
        Suggested tags
      </span>
      {offered.map((term) => {
        const isAdded = upload.termIds.includes(term.termId);
        const why = `${nameOf(term.dimensionKey)}. ${reasonWords(term)}`;
        const Icon = isAdded ? IconCheck : IconPlus;
        return (
          <Tooltip
            key={term.termId}
            label={why}
            multiline
            maw={300}
            events={{ hover: true, focus: true, touch: false }}
          >
            <UnstyledButton
              className={classes.tag}
              aria-pressed={isAdded}
              aria-description={why}
              onClick={() =>
                isAdded
                  ? change(
                      upload.termIds.filter((id) => id !== term.termId),
                      [],
                    )
                  : add([term.termId])
              }
            >
              <Icon size={13} stroke={2} aria-hidden />
              {term.name}
            </UnstyledButton>
          </Tooltip>
        );
      })}
      {rest.length > 1 && (
        <UnstyledButton className={classes.more} onClick={() => add(rest.map(({ termId }) => termId))}>
          Add all {rest.length}
        </UnstyledButton>
      )}
      <UnstyledButton
        className={classes.more}
        aria-expanded={isExplained}
        aria-controls={listId}
        onClick={() => setIsExplained((was) => !was)}
      >
        {isExplained ? 'Hide reasons' : 'Why these'}
      </UnstyledButton>
      <ul id={listId} className={classes.reasons} hidden={!isExplained}>
        {isExplained &&
          offered.map((term) => (
            <li key={term.termId}>
              <strong>{term.name}</strong> <span className="quiet">{nameOf(term.dimensionKey)}.</span>{' '}
              {reasonWords(term)}
            </li>
          ))}
      </ul>
    </fieldset>
  );
}

/** "It says “pricing” and “CFO”. “Price list” is similar and has it." */
function reasonWords({ because }: SuggestedTerm): string {
  const textsOf = (kind: SuggestedTerm['because'][number]['kind']) =>
    because.filter((reason) => reason.kind === kind).map(({ text }) => text);
  const quoted = (texts: string[]) => formatList(texts.map((text) => `“${text}”`));
  const [words, titles] = [textsOf('words'), textsOf('similar_asset')];
  return [
    ...textsOf('file'),
    ...(words.length > 0 ? [`It says ${quoted(words)}.`] : []),
    ...(titles.length > 0
      ? [`${quoted(titles)} ${titles.length === 1 ? 'is similar and has' : 'are similar and have'} it.`]
      : []),
  ].join(' ');
}
