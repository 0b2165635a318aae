import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 250;

/**
 * Text of a search box whose settled state lives elsewhere, in the URL: typing is handed to
 * `commit` once it pauses, and a change from outside, such as the back button, reaches the box.
 */
export function useSearchBox(committed: string, commit: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(committed);
  const [seen, setSeen] = useState(committed);
  const [sent, setSent] = useState(committed);
  const timer = useRef<number | undefined>(undefined);
  if (committed !== seen) {
    setSeen(committed);
    if (committed !== sent) {
      setSent(committed);
      setText(committed);
    }
  }
  useEffect(() => () => window.clearTimeout(timer.current), []);

  function type(next: string) {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      setSent(next);
      commit(next);
    }, PAUSE_MS);
  }
  return [text, type];
}
