import { Table2 } from 'lucide-react';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Command, matchingCommands, readRecordId } from './command';
import { readRecent, rememberRecent } from './recent';

const command = (label: string, group = 'pages', more: Partial<Command> = {}): Command => ({
  id: label,
  group,
  label,
  icon: Table2,
  ...more,
});
const labels = (commands: Command[]) => commands.map(({ label }) => label);

describe('matchingCommands', () => {
  const all = [
    command('Mail users'),
    command('Users'),
    command('recipes', 'collections'),
    command('New record in users', 'actions', { onlyWhenSearched: true }),
  ];

  it('keeps groups together, with what begins alike in front', () => {
    expect(labels(matchingCommands(all, 'users'))).toEqual(['Users', 'Mail users', 'New record in users']);
  });

  it('finds words in any order, and hides what is only found by searching', () => {
    expect(labels(matchingCommands(all, 'users new'))).toEqual(['New record in users']);
    expect(labels(matchingCommands(all, ' '))).toEqual(['Mail users', 'Users', 'recipes']);
  });
});

describe('readRecordId', () => {
  const id = '77e7e1d0-1111-4222-8333-0123456789ab';

  it('reads an id alone or after the name of a collection', () => {
    expect(readRecordId(` ${id.toUpperCase()} `)).toEqual({ id, before: '' });
    expect(readRecordId(`recipes ${id}`)).toEqual({ id, before: 'recipes' });
    expect(readRecordId('recipes')).toBeNull();
  });
});

describe('recent places', () => {
  beforeEach(() => localStorage.clear());

  it('come newest first, each once, for each user apart', () => {
    for (const label of ['a', 'b', 'a']) rememberRecent('u1', { id: label, label, place: { to: '/' } });
    expect(readRecent('u1').map(({ label }) => label)).toEqual(['a', 'b']);
    expect(readRecent('u2')).toEqual([]);
  });

  it('survive a storage that holds something else', () => {
    localStorage.setItem('snackbase-recent-u1', '{"a":1}');
    expect(readRecent('u1')).toEqual([]);
  });
});
