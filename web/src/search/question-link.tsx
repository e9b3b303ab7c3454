import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseSearch } from '../lib/url-state.ts';
import type { Question } from './api.ts';
import { questionPath } from './question.ts';

interface QuestionLinkProps {
  question: Question;
  /** The search that asked it, for a text that is too long for an address. */
  searchId?: string;
  className?: string | undefined;
  onClick?: () => void;
  children: ReactNode;
}

/** Asks a question again; a link, so that it can go to a tab of its own. */
export function QuestionLink({ question, searchId, children, ...props }: QuestionLinkProps) {
  const [to = '', search = ''] = questionPath(question, searchId).split('?');
  return (
    <Link to={to} search={parseSearch(search) as never} preload={false} {...props}>
      {children}
    </Link>
  );
}
